package io.metaie.tagging;

import java.time.Duration;

/**
 * How queries become batches.
 *
 * @param workers threads that run batches, one batch each at a time
 * @param tokens the token budget of a batch; a single longer query is a batch of its own
 * @param window how many queries of the stream are sorted by length together
 * @param maxDelay how long the oldest query waits for company while the budget is not full
 */
public record BatchSettings(int workers, int tokens, int window, Duration maxDelay) {

    public BatchSettings {
        if (workers < 1 || tokens < 1 || window < 1 || maxDelay.isNegative()) {
            throw new IllegalArgumentException("workers, tokens and window must be positive, max-delay not negative: "
                    + workers + ", " + tokens + ", " + window + ", " + maxDelay);
        }
    }
}
