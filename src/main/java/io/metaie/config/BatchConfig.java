package io.metaie.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** {@code metaie.batch.*}: how queries become batches. */
public interface BatchConfig {

    /**
     * {@code metaie.batch.workers}: threads that run batches, one each at a time. By default the processor's cores, 2
     * on a GPU.
     */
    OptionalInt workers();

    /** {@code metaie.batch.tokens}: the token budget of a batch. By default 256, 8192 on a GPU. */
    OptionalInt tokens();

    /**
     * {@code metaie.batch.window}: how many queries of the stream are sorted by length together. By default 256, 2048 on
     * a GPU.
     */
    OptionalInt window();

    /** {@code metaie.batch.max-delay}: how long a query waits for company while the budget is not full. */
    @WithDefault("2ms")
    Duration maxDelay();

    /** {@code metaie.batch.admitted}: queries in memory at once; documents beyond wait for their turn. */
    @WithDefault("20000")
    int admitted();
}
