package io.metaie.lane;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** How one lane fares, for health checks and the lag. Written by the lane and its consumer, read by anyone. */
final class LaneStatus {

    private final String lane;
    private final Fences fences = new Fences();
    private volatile boolean open;
    private volatile boolean joined;
    private volatile Set<TopicPartition> owned = Set.of();
    private volatile Optional<String> trouble = Optional.empty();
    private volatile boolean waiting;
    private volatile long lastProgress;
    private volatile Map<TopicPartition, Place> inHand = Map.of();

    /**
     * The first record of a partition that a lane holds and has not committed.
     *
     * @param timestamp the record's, milliseconds since the epoch
     */
    record Place(long offset, long timestamp) {}

    LaneStatus(String lane) {
        this.lane = lane;
    }

    String lane() {
        return lane;
    }

    /** The producer is open, and what a predecessor left behind is settled. */
    void opened() {
        open = true;
    }

    boolean isOpen() {
        return open;
    }

    /** The consumer joined its group and owns these partitions, maybe none. */
    void owns(Set<TopicPartition> partitions) {
        owned = Set.copyOf(partitions);
        joined = true;
    }

    boolean isJoined() {
        return joined;
    }

    Set<TopicPartition> owned() {
        return owned;
    }

    /** It waits for answers from now on. */
    void waiting() {
        progressed();
        waiting = true;
    }

    /** It waits for no answer: what it does now is between it and the broker. */
    void notWaiting() {
        waiting = false;
    }

    void progressed() {
        lastProgress = System.nanoTime();
    }

    /** It has no batch in hand. */
    void idle() {
        waiting = false;
        inHand = Map.of();
    }

    void holds(Map<TopicPartition, Place> first) {
        inHand = Map.copyOf(first);
    }

    Map<TopicPartition, Place> inHand() {
        return inHand;
    }

    void fenced() {
        fences.count(System.nanoTime());
    }

    boolean fencedOften() {
        return fences.many(System.nanoTime());
    }

    /** @param what fails and is tried again */
    void troubled(String what) {
        trouble = Optional.of(what);
    }

    void well() {
        trouble = Optional.empty();
    }

    /** Why no record is taken just now, if so. */
    Optional<String> notReady(String instance) {
        if (fencedOften()) {
            return Optional.of("another running instance uses metaie.instance=" + instance);
        }
        if (trouble.isPresent()) {
            return trouble;
        }
        if (!open) {
            return Optional.of("the transactional producer is not open yet");
        }
        return joined ? Optional.empty() : Optional.of("the consumer has not joined its group yet");
    }

    /** How long it has waited for answers without anything moving; zero when it does not wait. */
    Duration still() {
        return waiting ? Duration.ofNanos(Math.max(0, System.nanoTime() - lastProgress)) : Duration.ZERO;
    }
}
