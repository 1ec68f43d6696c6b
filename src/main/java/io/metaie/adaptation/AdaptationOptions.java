package io.metaie.adaptation;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a task is adapted.
 *
 * @param method low-rank additions, or every weight
 * @param epochs how often each example is seen; by default as often as makes {@value #DEFAULT_STEPS} steps, and at least
 *     {@value #LEAST_EPOCHS} times
 * @param learningRate the peak; by default what suits the method
 * @param seed of all random numbers
 * @param holdout the share of the sentences to measure on, 0 for none; by default what the number of sentences allows
 * @param activation when the result is to be used
 */
public record AdaptationOptions(Method method, OptionalInt epochs, OptionalDouble learningRate, long seed,
        OptionalDouble holdout, Activation activation) {

    /** Rows learned from at a time. */
    public static final int BATCH = 16;

    private static final int DEFAULT_STEPS = 150;
    private static final int LEAST_EPOCHS = 3;
    private static final List<Double> MEASURED_AT = List.of(0.5, 0.6, 0.7, 0.8, 0.9, 1.0);
    private static final int MOST_EPOCHS = 10_000;
    private static final int MOST_RANK = 256;
    private static final double LORA_RATE = 2e-3;
    private static final double FULL_RATE = 2e-4;

    /** What is asked for when nothing is. */
    public static final AdaptationOptions DEFAULT = new AdaptationOptions(Method.Lora.ofRank(Method.Lora.DEFAULT_RANK),
            OptionalInt.empty(), OptionalDouble.empty(), 0, OptionalDouble.empty(), Activation.IF_BETTER);

    /** When an adapted version takes the place of the one before. */
    public enum Activation {
        /** When it finds more on examples it has not seen. */
        IF_BETTER,
        ALWAYS,
        NEVER
    }

    /** @throws IllegalArgumentException when a number is out of range; the message says which */
    public AdaptationOptions {
        if (epochs.isPresent() && (epochs.getAsInt() < 1 || epochs.getAsInt() > MOST_EPOCHS)) {
            throw new IllegalArgumentException("epochs must be from 1 to " + MOST_EPOCHS + ", not " + epochs.getAsInt());
        }
        if (learningRate.isPresent() && !(learningRate.getAsDouble() > 0 && learningRate.getAsDouble() < Double.MAX_VALUE)) {
            throw new IllegalArgumentException("learningRate must be above 0, not " + learningRate.getAsDouble());
        }
        if (holdout.isPresent() && !(holdout.getAsDouble() >= 0 && holdout.getAsDouble() < 1)) {
            throw new IllegalArgumentException("holdout must be from 0 to below 1, not " + holdout.getAsDouble());
        }
        if (method instanceof Method.Lora lora && lora.rank() > MOST_RANK) {
            throw new IllegalArgumentException("rank must be from 1 to " + MOST_RANK + ", not " + lora.rank());
        }
    }

    /** The peak of the learning rate. */
    public double rate() {
        return learningRate.orElse(method instanceof Method.Lora ? LORA_RATE : FULL_RATE);
    }

    /**
     * How many steps a fit takes: each row is seen equally often in all fits of an adaptation.
     *
     * @param rows how many rows it learns from
     * @param all how many rows the final fit learns from
     */
    int steps(int rows, int all) {
        if (epochs.isPresent()) {
            return Math.multiplyExact(epochs.getAsInt(), batches(rows));
        }
        int steps = Math.max(DEFAULT_STEPS, LEAST_EPOCHS * batches(all));
        return part(steps, (double) rows / all);
    }

    /**
     * How much of a fit is over when it is measured whether to go on, ascending: from its half on. What is measured before,
     * while the learning rate is near its peak, rises and falls by more than what more steps bring. Epochs asked for are
     * all taken.
     */
    List<Double> measuredAt() {
        return epochs.isPresent() ? List.of(1.0) : MEASURED_AT;
    }

    /** A share of the steps of a fit, at least one. */
    static int part(int steps, double share) {
        return (int) Math.max(1, Math.round(share * steps));
    }

    /** How many epochs so many steps over rows are, the last one begun counted as one. */
    static int epochs(int steps, int rows) {
        return (steps + batches(rows) - 1) / batches(rows);
    }

    private static int batches(int rows) {
        return (rows + BATCH - 1) / BATCH;
    }
}
