package io.metaie.lane;

import io.metaie.record.Outcome;
import java.time.Duration;

/** Is told by the lanes, on their threads, what has been committed. */
public interface LaneListener {

    /**
     * A record was answered and its answer committed.
     *
     * @param outcome what became of it
     * @param latency from the record's timestamp to the commit, never negative
     * @param service from the poll to the commit
     */
    void committed(Outcome outcome, Duration latency, Duration service);

    /** A transaction was written and committed in this time. */
    void published(Duration duration);
}
