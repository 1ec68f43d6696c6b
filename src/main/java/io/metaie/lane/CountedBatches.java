package io.metaie.lane;

import io.metaie.tagging.BatchObserver;
import java.util.concurrent.atomic.LongAdder;

/** Counts the tagger's batches on their way to another observer. */
public final class CountedBatches implements BatchObserver, Progress {

    private final BatchObserver next;
    private final LongAdder batches = new LongAdder();

    public CountedBatches(BatchObserver next) {
        this.next = next;
    }

    @Override
    public void ran(BatchRun batch) {
        batches.increment();
        next.ran(batch);
    }

    @Override
    public long batches() {
        return batches.sum();
    }
}
