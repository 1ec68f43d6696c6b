package io.metaie.adaptation;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.dataset.ExampleJson;
import io.metaie.dataset.InvalidExampleException;
import io.metaie.evaluation.Example;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The examples of a command, faulty ones told apart.
 *
 * @param examples those that can be used
 * @param faults what is wrong with the others
 */
public record GivenExamples(List<NumberedExample> examples, List<Fault> faults) {

    /** How many faults a reason lists. */
    private static final int MOST_LISTED = 20;

    public GivenExamples {
        examples = List.copyOf(examples);
        faults = List.copyOf(faults);
    }

    /**
     * Why an example cannot be used.
     *
     * @param number its index, from 0
     */
    public record Fault(int number, String reason) {}

    /**
     * Reads the examples of a task.
     *
     * @param records a JSON value each
     * @param task what the task asks; examples may ask a part of it
     */
    public static GivenExamples read(Iterable<JsonNode> records, LabelSet task) {
        ExampleJson reader = new ExampleJson(java.util.Optional.of(task));
        Set<Label> known = new HashSet<>(task.labels());
        List<NumberedExample> examples = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        int number = 0;
        for (JsonNode record : records) {
            try {
                Example example = reader.read(record);
                for (Label label : example.labels().labels()) {
                    if (!known.contains(label)) {
                        throw new InvalidExampleException("label \"" + label + "\" is not among the task's");
                    }
                }
                examples.add(new NumberedExample(number, example));
            } catch (InvalidExampleException e) {
                faults.add(new Fault(number, e.getMessage()));
            }
            number++;
        }
        return new GivenExamples(examples, faults);
    }

    /** The faults as one sentence a person understands. */
    public String reason() {
        String listed = faults.stream().limit(MOST_LISTED)
                .map(fault -> "examples[" + fault.number() + "]: " + fault.reason())
                .collect(Collectors.joining("; "));
        int more = faults.size() - MOST_LISTED;
        return more > 0 ? listed + "; and " + more + " more" : listed;
    }
}
