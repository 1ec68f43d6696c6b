package io.metaie.lane;

import io.metaie.kafka.Backoff;
import io.metaie.kafka.StopSignal;
import io.metaie.record.InfrastructureException;
import io.metaie.record.Outcome;
import io.metaie.record.RecordProcessor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The batch in a lane's hand: all its records are asked at once and taken off the head as they are answered, so that
 * what is left is what is not committed. Used by the lane's thread.
 */
final class BatchInWork implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(BatchInWork.class);
    /** How often a waiting lane looks up: for a stop, a rebalance, the tagger's progress. */
    private static final long GLANCE_NANOS = Duration.ofMillis(100).toNanos();

    private final Batch batch;
    private final LaneSource source;
    private final LaneStatus status;
    private final Progress progress;
    private final StopSignal stop;
    private final Backoff pause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));
    private final Deque<RecordInWork> waiting;
    private long batchesSeen;

    /** A record and what became of it. */
    record Answered(ConsumerRecord<byte[], byte[]> record, Outcome outcome) {}

    /** @throws StaleBatchException when the group has moved on already */
    BatchInWork(
            Batch batch,
            RecordProcessor processor,
            LaneSource source,
            LaneStatus status,
            Progress progress,
            StopSignal stop) {
        this.batch = batch;
        this.source = source;
        this.status = status;
        this.progress = progress;
        this.stop = stop;
        this.waiting = new ArrayDeque<>(batch.records().size());
        group();
        status.waiting();
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            waiting.add(RecordInWork.begin(processor, record));
        }
        status.holds(first());
    }

    boolean isDone() {
        return waiting.isEmpty();
    }

    /**
     * The group's metadata, which are still those the batch was polled under.
     *
     * @throws StaleBatchException when the group has moved on
     */
    ConsumerGroupMetadata group() {
        ConsumerGroupMetadata group = source.group();
        if (group.generationId() != batch.generation()) {
            throw new StaleBatchException(batch.generation(), group.generationId());
        }
        return group;
    }

    /**
     * Takes off the head what is answered within a time, and one record at least, however long that takes.
     *
     * @return in order; fewer, or none, when the lane is stopped meanwhile
     * @throws StaleBatchException when the group moves on
     */
    List<Answered> prefix(long nanos) throws InterruptedException {
        status.waiting();
        List<Answered> prefix = new ArrayList<>();
        long end = System.nanoTime() + nanos;
        while (!waiting.isEmpty() && !stop.isSet()) {
            RecordInWork head = waiting.peek();
            long left = prefix.isEmpty() ? GLANCE_NANOS : Math.min(GLANCE_NANOS, end - System.nanoTime());
            if (left <= 0 && !head.done()) {
                break;
            }
            try {
                Optional<Outcome> outcome = head.await(Math.max(0, left));
                if (outcome.isPresent()) {
                    waiting.remove();
                    prefix.add(new Answered(head.record(), outcome.get()));
                    status.progressed();
                    pause.reset();
                } else {
                    glance();
                }
            } catch (InfrastructureException e) {
                if (!prefix.isEmpty()) {
                    break;
                }
                waitForInfrastructure(e);
            }
        }
        status.notWaiting();
        return prefix;
    }

    /** What was taken off is committed: what is in hand begins behind it. */
    void committed() {
        status.holds(first());
    }

    /** Nobody waits any more for what is left. */
    @Override
    public void close() {
        waiting.forEach(RecordInWork::cancel);
        status.idle();
    }

    private void glance() {
        group();
        long batches = progress.batches();
        if (batches != batchesSeen) {
            batchesSeen = batches;
            status.progressed();
        }
    }

    private void waitForInfrastructure(InfrastructureException failure) throws InterruptedException {
        long millis = pause.next();
        status.troubled("records wait: " + failure.getMessage());
        LOG.warnf("Lane %s: %d records wait (%s); they are tried again in %d ms",
                status.lane(), waiting.size(), failure.getMessage(), millis);
        stop.pause(millis);
        group();
        status.progressed();
        waiting.forEach(RecordInWork::again);
    }

    private Map<TopicPartition, LaneStatus.Place> first() {
        Map<TopicPartition, LaneStatus.Place> first = new HashMap<>();
        for (RecordInWork work : waiting) {
            ConsumerRecord<byte[], byte[]> record = work.record();
            first.putIfAbsent(
                    new TopicPartition(record.topic(), record.partition()),
                    new LaneStatus.Place(record.offset(), record.timestamp()));
        }
        return first;
    }
}
