package io.metaie.adaptation;

/**
 * How a model learns.
 *
 * @param method what of it
 * @param dropout the share of states and of attention that is dropped at random, 0 to 1
 * @param beta2 the decay of the optimiser's second moment
 * @param seed of all random numbers
 */
public record LearnerSettings(Method method, double dropout, double beta2, long seed) {

    /** As the published checkpoints were trained. */
    public static final double DEFAULT_DROPOUT = 0.1;

    private static final double DEFAULT_BETA2 = 0.999;

    public LearnerSettings {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be from 0 to below 1: " + dropout);
        }
    }

    /** The usual settings of a fine-tuning. */
    public static LearnerSettings of(Method method, long seed) {
        return new LearnerSettings(method, DEFAULT_DROPOUT, DEFAULT_BETA2, seed);
    }
}
