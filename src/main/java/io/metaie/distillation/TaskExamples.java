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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    /** By sentence, the latest last. */
    private final Map<String, Example> picked = new LinkedHashMap<>();
    private int unreadable;

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

    /** Takes the next example as it was published; what cannot be read is counted. */
    public void add(byte[] value) {
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
                picked.remove(example.text());
                picked.put(example.text(), new Example(example.text(), LabelSet.of(List.copyOf(asked)), spans));
                if (picked.size() > limit) {
                    picked.remove(picked.keySet().iterator().next());
                }
            }
        } catch (IOException | InvalidExampleException e) {
            unreadable++;
        }
    }

    /** What was picked, the latest last. */
    public List<Example> examples() {
        return List.copyOf(picked.values());
    }

    /** How many values were no examples. */
    public int unreadable() {
        return unreadable;
    }
}
