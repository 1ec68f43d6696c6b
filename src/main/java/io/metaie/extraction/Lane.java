package io.metaie.extraction;

import io.metaie.extraction.OutboundRecords.Outbound;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jboss.logging.Logger;

/**
 * Takes batches from one consumer and commits, with one transactional producer and on one thread, exactly one answer
 * for each record.
 *
 * <p>A batch is committed prefix by prefix: what has been answered within the target time, each prefix one transaction
 * of answers and offsets, begun only when the answers are there. Offsets go with the group's generation the batch was
 * polled under. Whatever fails, the lane opens its producer anew, which settles a commit whose end is unknown, then
 * goes back to the committed offsets; only then does it let go of the batch, so that there is never a second one in
 * hand that could be committed past the first.
 */
final class Lane {

    private static final Logger LOG = Logger.getLogger(Lane.class);
    /** How often a waiting lane looks up: for a stop, a rebalance, the tagger's progress. */
    private static final long GLANCE_NANOS = Duration.ofMillis(100).toNanos();
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final LaneStatus status;
    private final LaneSource source;
    private final LaneProducer producer;
    private final RecordProcessor processor;
    private final Progress progress;
    private final LaneListener listener;
    private final long targetNanos;
    private final ExecutorService thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Backoff brokerPause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
    private final Backoff workPause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));
    private OutboundRecords outbound;
    private long batchesSeen;
    private int failuresInARow;

    /** @param target how much work, in time, one transaction is worth */
    Lane(
            LaneStatus status,
            LaneSource source,
            LaneProducer producer,
            RecordProcessor processor,
            Progress progress,
            LaneListener listener,
            Duration target) {
        this.status = status;
        this.source = source;
        this.producer = producer;
        this.processor = processor;
        this.progress = progress;
        this.listener = listener;
        this.targetNanos = target.toNanos();
        this.thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "metaie-lane-" + status.lane()));
    }

    /** What it is called on the broker, as a producer and as a member of the group. */
    String id() {
        return producer.transactionalId();
    }

    LaneStatus status() {
        return status;
    }

    /**
     * Opens the producer, however long it takes. To be complete before the consumer subscribes: offsets that a killed
     * predecessor left pending would keep it from reading.
     */
    CompletionStage<Void> open(OutboundRecords records) {
        return CompletableFuture.runAsync(() -> {
            outbound = records;
            if (openProducer()) {
                status.opened();
                status.well();
            }
        }, thread);
    }

    /**
     * Works on a batch, the only one in hand.
     *
     * @return complete when the next batch may come; never, once the lane was stopped
     */
    CompletionStage<Void> accept(Batch batch) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!stopping()) {
            thread.execute(() -> {
                hold(batch);
                if (!stopping()) {
                    done.complete(null);
                }
            });
        }
        return done;
    }

    /** Begins to stop: commits what is answered, leaves the rest uncommitted, closes the producer. */
    void stop() {
        stop.countDown();
        thread.execute(producer::close);
        thread.shutdown();
    }

    void awaitStop() throws InterruptedException {
        if (!thread.awaitTermination(STOP_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warnf("Lane %s does not stop within %d s; its open transaction is left to be aborted",
                    status.lane(), STOP_GRACE.toSeconds());
            thread.shutdownNow();
        }
    }

    private void hold(Batch batch) {
        try {
            work(batch, System.nanoTime());
            status.idle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // Whatever it is, an error too: a lane that ends would strand its partitions.
            status.idle();
            recover(e);
        }
    }

    private void work(Batch batch, long polled) throws InterruptedException {
        current(batch);
        Deque<RecordInWork> waiting = new ArrayDeque<>(batch.records().size());
        status.waiting();
        try {
            for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
                waiting.add(RecordInWork.begin(processor, record));
            }
            status.holds(first(waiting));
            while (!waiting.isEmpty() && !stopping()) {
                status.waiting();
                List<Answered> prefix = prefix(waiting, batch);
                status.notWaiting();
                if (!prefix.isEmpty()) {
                    commit(prefix, batch, polled);
                    status.holds(first(waiting));
                }
            }
        } finally {
            waiting.forEach(RecordInWork::cancel);
        }
    }

    private record Answered(ConsumerRecord<byte[], byte[]> record, Outcome outcome) {}

    /** Takes off the head of the queue what is answered within the target time, one record at least. */
    private List<Answered> prefix(Deque<RecordInWork> waiting, Batch batch) throws InterruptedException {
        List<Answered> prefix = new ArrayList<>();
        long end = System.nanoTime() + targetNanos;
        while (!waiting.isEmpty() && !stopping()) {
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
                    workPause.reset();
                } else {
                    glance(batch);
                }
            } catch (InfrastructureException e) {
                if (!prefix.isEmpty()) {
                    break;
                }
                waitForInfrastructure(e, waiting, batch);
            }
        }
        return prefix;
    }

    private void glance(Batch batch) {
        current(batch);
        long batches = progress.batches();
        if (batches != batchesSeen) {
            batchesSeen = batches;
            status.progressed();
        }
    }

    private void waitForInfrastructure(InfrastructureException failure, Deque<RecordInWork> waiting, Batch batch) {
        long pause = workPause.next();
        status.troubled("the tagger fails: " + failure.getMessage());
        LOG.warnf("Lane %s: the tagger fails (%s); %d records are tried again in %d ms",
                status.lane(), failure.getMessage(), waiting.size(), pause);
        pause(pause);
        current(batch);
        status.progressed();
        waiting.forEach(RecordInWork::again);
    }

    private void commit(List<Answered> prefix, Batch batch, long polled) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(prefix.size());
        List<Outcome> outcomes = new ArrayList<>(prefix.size());
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Answered answered : prefix) {
            Outbound out = outbound.of(answered.record(), answered.outcome());
            records.add(out.record());
            outcomes.add(out.outcome());
            offsets.put(partition(answered.record()), new OffsetAndMetadata(answered.record().offset() + 1));
        }
        long begun = System.nanoTime();
        producer.commit(records, offsets, current(batch));
        long committed = System.nanoTime();
        failuresInARow = 0;
        brokerPause.reset();
        status.well();
        listener.published(Duration.ofNanos(committed - begun));
        long now = System.currentTimeMillis();
        for (int i = 0; i < outcomes.size(); i++) {
            long timestamp = prefix.get(i).record().timestamp();
            Duration latency = Duration.ofMillis(timestamp < 0 ? 0 : Math.max(0, now - timestamp));
            listener.committed(outcomes.get(i), latency, Duration.ofNanos(committed - polled));
        }
    }

    /** The group's metadata, if it is still the one the batch was polled under. */
    private ConsumerGroupMetadata current(Batch batch) {
        ConsumerGroupMetadata group = source.group();
        if (group.generationId() != batch.generation()) {
            throw new StaleBatchException(batch.generation(), group.generationId());
        }
        return group;
    }

    private void recover(Throwable failure) {
        if (stopping()) {
            return;
        }
        if (failure instanceof StaleBatchException) {
            LOG.infof("Lane %s drops a batch %s; it goes back to the committed offsets",
                    status.lane(), failure.getMessage());
        } else {
            failuresInARow++;
            LOG.warnf(failure, "Lane %s: a batch failed; the producer is opened anew and the batch is read again",
                    status.lane());
            status.troubled("the last transaction failed: " + failure);
            if (fenced(failure)) {
                status.fenced();
                pause(brokerPause.next());
            } else if (failuresInARow > 1) {
                pause(brokerPause.next());
            }
            if (!openProducer()) {
                return;
            }
        }
        boolean lostItsPlace = caused(failure, FencedInstanceIdException.class)
                || failuresInARow > 1 && caused(failure, CommitFailedException.class);
        reset(lostItsPlace);
    }

    /** @return whether it is open; not, when the lane was stopped meanwhile */
    private boolean openProducer() {
        while (!stopping()) {
            try {
                producer.reopen();
                return true;
            } catch (Throwable e) {
                long pause = brokerPause.next();
                status.troubled("the transactional producer cannot be opened: " + e);
                LOG.warnf("Lane %s: the producer %s cannot be opened (%s); next try in %d ms",
                        status.lane(), producer.transactionalId(), e, pause);
                pause(pause);
            }
        }
        return false;
    }

    // Left half done, a reset leaves the partitions paused for good: it is repeated until it succeeds.
    private void reset(boolean rejoin) {
        while (!stopping()) {
            try {
                if (rejoin) {
                    source.rejoin();
                }
                source.reset();
                status.well();
                return;
            } catch (Throwable e) {
                long pause = brokerPause.next();
                status.troubled("cannot go back to the committed offsets: " + e);
                LOG.warnf("Lane %s cannot go back to the committed offsets (%s); next try in %d ms",
                        status.lane(), e, pause);
                pause(pause);
            }
        }
    }

    private static Map<TopicPartition, LaneStatus.Place> first(Deque<RecordInWork> waiting) {
        Map<TopicPartition, LaneStatus.Place> first = new HashMap<>();
        for (RecordInWork work : waiting) {
            ConsumerRecord<byte[], byte[]> record = work.record();
            first.putIfAbsent(partition(record), new LaneStatus.Place(record.offset(), record.timestamp()));
        }
        return first;
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private static boolean fenced(Throwable failure) {
        return caused(failure, ProducerFencedException.class)
                || caused(failure, InvalidProducerEpochException.class)
                || caused(failure, FencedInstanceIdException.class);
    }

    private static boolean caused(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (kind.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    private boolean stopping() {
        return stop.getCount() == 0;
    }

    private void pause(long millis) {
        try {
            stop.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
