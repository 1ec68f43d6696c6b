package io.metaie.tagging;

/** Hears of every batch that was run. Called by the batcher's threads; must be quick and must not throw. */
public interface BatchObserver {

    /** Hears nothing. */
    BatchObserver NONE = batch -> {};

    void ran(BatchRun batch);

    /**
     * One run.
     *
     * @param queries how many queries
     * @param tokens real tokens
     * @param padding tokens computed that no query asked for
     * @param budget the tokens a batch may have
     * @param queuedNanos how long the oldest query waited, nanoseconds
     * @param runNanos how long the run took, nanoseconds
     */
    record BatchRun(int queries, int tokens, int padding, int budget, long queuedNanos, long runNanos) {}
}
