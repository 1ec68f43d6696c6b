package io.metaie.record;

import java.util.concurrent.CompletableFuture;

/** Turns records into outcomes, many at a time. */
public interface RecordProcessor {

    /**
     * Answers one record. Never blocks. Cancelling the future drops the work that nobody waits for any more.
     *
     * @return the outcome; completes with an {@link InfrastructureException} when device, memory or broker failed (the
     *     record is worth another try later), with anything else when the record's own work failed
     */
    CompletableFuture<Outcome> process(InboundRecord record);

    /** Makes the processor of one lane, whose queries stand in line under the lane's name. */
    interface Factory {
        RecordProcessor forLane(String lane);
    }
}
