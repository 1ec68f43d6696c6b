package io.metaie.lane;

import io.metaie.kafka.TopicSetupException;
import io.metaie.record.Outcome;
import io.metaie.record.RecordProcessor;
import java.time.Duration;

/** What lanes of a kind do, brought by whoever does it. */
public interface LaneWork {

    /** The name under which the work of distillation is found. */
    String DISTILLATION = "distillation";

    /** Whether this instance does it at all. */
    boolean isOn();

    /** Makes what answers the records of one lane. */
    RecordProcessor.Factory processors();

    /** Tells whether that is at work. */
    Progress progress();

    /** How long it may do nothing because it waits for others, and be well: on top of {@code metaie.lane.stall}. */
    Duration patience();

    /** Hears of an answer or a dead letter that was committed. Must be quick and must not throw. */
    void committed(Outcome.Single outcome);

    /** Waits until everything is known that is to be known before the first record is read. */
    void awaitState() throws InterruptedException, TopicSetupException;
}
