package io.metaie.distillation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.dataset.ExampleJson;
import io.metaie.dataset.InvalidExampleException;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Picks what a task can learn from examples of a teacher: sentences with spans of its labels, the latest of each sentence,
 * the latest of all if there are more than wanted. A teacher labels freely, so that it did not use a label says nothing:
 * each sentence asks only those that it used. Labels about spans of others are never used, since no teacher has any.
 */
public final class TaskExamples {

    private static final ObjectReader JSON = new JsonMapper().reader();

    private final ExampleJson reader = new ExampleJson(Optional.empty());
    private final Map<String, Label> labels = new HashMap<>();
    private final int limit;
    private final Map<String, Dated> picked = new HashMap<>();
    /** The same, the latest last. */
    private final TreeSet<Dated> byTime = new TreeSet<>();
    private int unreadable;

    /** An example, and when it was published, milliseconds. In the order of time; of the sentences, where that is the same. */
    private record Dated(long time, Example example) implements Comparable<Dated> {

        @Override
        public int compareTo(Dated other) {
            return Comparator.comparingLong(Dated::time).thenComparing(dated -> dated.example().text()).compare(this, other);
        }
    }

    /**
     * @param task what the task asks
     * @param mapping the task's label for each of the teacher's; the same names if empty
     * @param limit so many sentences at most
     */
    public TaskExamples(LabelSet task, Map<String, String> mapping, int limit) {
        this.limit = limit;
        for (Label label : task.roots()) {
            if (mapping.isEmpty()) {
                labels.put(label.name(), label);
            }
            mapping.forEach((from, to) -> {
                if (Label.named(to).name().equals(label.name())) {
                    labels.put(Label.named(from).name(), label);
                }
            });
        }
    }

    /** The first name in a mapping that is no label a teacher's can be mapped to, if there is one. */
    public static Optional<String> unknown(LabelSet task, Map<String, String> mapping) {
        return mapping.values().stream()
                .filter(to -> task.roots().stream().noneMatch(label -> label.name().equals(Label.named(to).name())))
                .sorted()
                .findFirst();
    }

    /**
     * Takes an example as it was published; what cannot be read is counted. Partitions may come in any order, each in its
     * own.
     *
     * @param time when it was published, milliseconds
     */
    public void add(byte[] value, long time) {
        try {
            JsonNode json = JSON.readTree(value);
            Example example = reader.read(json);
            List<LabelledSpan> spans = new ArrayList<>();
            Set<Label> asked = new LinkedHashSet<>();
            for (LabelledSpan span : example.spans()) {
                Optional.ofNullable(labels.get(span.label().name())).ifPresent(label -> {
                    asked.add(label);
                    spans.add(new LabelledSpan(label, span.start(), span.end(), Optional.empty()));
                });
            }
            if (!spans.isEmpty()) {
                pick(new Dated(time, new Example(example.text(), LabelSet.of(List.copyOf(asked)), spans)));
            }
        } catch (IOException | InvalidExampleException e) {
            unreadable++;
        }
    }

    private void pick(Dated dated) {
        Optional.ofNullable(picked.put(dated.example().text(), dated)).ifPresent(byTime::remove);
        byTime.add(dated);
        if (byTime.size() > limit) {
            picked.remove(byTime.pollFirst().example().text());
        }
    }

    /** What was picked, the latest last. */
    public List<Example> examples() {
        return byTime.stream().map(Dated::example).toList();
    }

    /** How many values were no examples. */
    public int unreadable() {
        return unreadable;
    }
}
