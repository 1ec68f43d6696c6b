package io.metaie.task;

import java.time.Instant;
import java.util.Optional;

/**
 * One adapted version of a task.
 *
 * @param number from 1, never used twice
 * @param model the model it was made for, {@code <name>@<12 hex digits>}
 * @param f1 its F1 on examples it was not trained on, 0 to 1; empty when there were too few to measure
 * @param before what it was measured against; empty when it was not, or was made when that was not kept
 * @param created when it was made
 * @param parts in how many parts its weights were written
 * @param sha256 of all its weights, 64 hexadecimal digits
 */
public record TaskVersion(
        int number, String model, Optional<Double> f1, Optional<Before> before, Instant created, int parts, String sha256) {

    /**
     * What answered when a version was made.
     *
     * @param f1 its F1 on the same examples, 0 to 1
     * @param sentences how many sentences these are
     */
    public record Before(double f1, int sentences) {}

    /** A version that was measured against nothing. */
    public TaskVersion(int number, String model, Optional<Double> f1, Instant created, int parts, String sha256) {
        this(number, model, f1, Optional.empty(), created, parts, sha256);
    }

    /**
     * Whether it was made for a model, whatever that is called.
     *
     * @param hash the first 12 hexadecimal digits of its SHA-256
     */
    public boolean isFor(String hash) {
        return model.endsWith("@" + hash);
    }
}
