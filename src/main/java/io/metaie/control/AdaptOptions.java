package io.metaie.control;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How an adaptation is to be done; what is empty is chosen by the trainer.
 *
 * @param epochs how often each example is seen, 1 to {@value #MAX_EPOCHS}
 * @param learningRate above 0, {@value #MAX_LEARNING_RATE} at most
 * @param rank of the low-rank additions, 1 to {@value #MAX_RANK}
 * @param seed of all random numbers
 * @param holdout the share of examples to measure on, 0 (none) to below 1
 * @param activate when the result is put in force
 * @param skipInvalid whether faulty examples are left out and counted; else they reject the command
 */
public record AdaptOptions(
        OptionalInt epochs,
        OptionalDouble learningRate,
        OptionalInt rank,
        OptionalLong seed,
        OptionalDouble holdout,
        Activation activate,
        boolean skipInvalid) {

    /** More epochs than this are taken for a mistake. */
    public static final int MAX_EPOCHS = 1_000;
    /** A rate this high learns nothing, but does no harm: the fit fails. */
    public static final double MAX_LEARNING_RATE = 10_000;
    /** A rank higher than this is no longer a low one. */
    public static final int MAX_RANK = 256;

    /** When the result of an adaptation is put in force. */
    public enum Activation {
        IF_BETTER("if-better"),
        ALWAYS("always"),
        NEVER("never");

        private final String wireName;

        Activation(String wireName) {
            this.wireName = wireName;
        }

        /** As commands write it. */
        public String wireName() {
            return wireName;
        }

        static Optional<Activation> of(String name) {
            for (Activation activation : values()) {
                if (activation.wireName.equals(name)) {
                    return Optional.of(activation);
                }
            }
            return Optional.empty();
        }
    }
}
