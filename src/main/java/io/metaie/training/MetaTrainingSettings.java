package io.metaie.training;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a model is trained.
 *
 * @param time how long, if time ends the run
 * @param tokens how many tokens, padding counted, if they do
 * @param learningRate the peak
 * @param seed of all random numbers
 */
public record MetaTrainingSettings(Optional<Duration> time, OptionalLong tokens, double learningRate, long seed) {

    /** Tokens of one step, padding counted. */
    public static final int STEP_TOKENS = 4_096;

    public MetaTrainingSettings {
        if (time.isPresent() == tokens.isPresent()) {
            throw new IllegalArgumentException("either time or a number of tokens ends a run");
        }
        if (time.map(limit -> limit.isZero() || limit.isNegative()).orElse(false) || tokens.orElse(1) < 1) {
            throw new IllegalArgumentException("a run must last");
        }
        if (!(learningRate > 0 && learningRate < Double.MAX_VALUE)) {
            throw new IllegalArgumentException("the learning rate must be above 0, not " + learningRate);
        }
    }

    /** The share of the run that is over, 0 to 1. */
    double done(Progress progress) {
        double share = tokens.isPresent()
                ? (double) progress.tokens() / tokens.getAsLong()
                : (double) progress.nanos() / time.orElseThrow().toNanos();
        return Math.min(1, share);
    }

    /**
     * How far a run is.
     *
     * @param steps steps taken
     * @param tokens tokens seen, padding counted
     * @param nanos time it took, nanoseconds; pauses between its parts and measurements do not count
     */
    public record Progress(long steps, long tokens, long nanos) {

        static final Progress NONE = new Progress(0, 0, 0);
    }
}
