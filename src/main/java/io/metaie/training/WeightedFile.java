package io.metaie.training;

import java.nio.file.Path;

/**
 * A file of annotated sentences.
 *
 * @param weight how often each sentence is seen in a pass over the data
 */
public record WeightedFile(Path file, double weight) {

    public WeightedFile {
        if (!(weight > 0 && weight <= 1_000)) {
            throw new IllegalArgumentException("a weight must be above 0 and at most 1000, not " + weight);
        }
    }

    /** Reads {@code FILE} or {@code FILE:WEIGHT}. */
    public static WeightedFile parse(String argument) {
        int colon = argument.lastIndexOf(':');
        if (colon > 0 && argument.substring(colon + 1).matches("\\d+(\\.\\d+)?")) {
            return new WeightedFile(Path.of(argument.substring(0, colon)), Double.parseDouble(argument.substring(colon + 1)));
        }
        return new WeightedFile(Path.of(argument), 1);
    }

    @Override
    public String toString() {
        return file + ":" + weight;
    }
}
