package io.metaie.lane;

import io.metaie.kafka.Backoff;
import io.metaie.kafka.StopSignal;
import io.metaie.kafka.TransactionalProducer;
import io.metaie.lane.BatchInWork.Answered;
import io.metaie.lane.OutboundRecords.Outbound;
import io.metaie.record.Outcome;
import io.metaie.record.RecordProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
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
    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private final LaneStatus status;
    private final LaneSource source;
    private final TransactionalProducer producer;
    private final RecordProcessor processor;
    private final Progress progress;
    private final LaneListener listener;
    private final long targetNanos;
    private final ExecutorService thread;
    private final StopSignal stop = new StopSignal();
    private final Backoff pause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
    private Supplier<OutboundRecords> limits;
    private OutboundRecords outbound;
    private int failuresInARow;

    /** @param target how much work, in time, one transaction is worth */
    Lane(
            LaneStatus status,
            LaneSource source,
            TransactionalProducer producer,
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

    /** Has its group share the partitions anew: some belong to nobody. Goes on with what it has in hand. */
    void rejoin() {
        source.rejoin("partitions without an owner");
    }

    /**
     * Opens the producer, however long it takes. To be complete before the consumer subscribes: offsets that a killed
     * predecessor left pending would keep it from reading.
     *
     * @param records makes what is written, from what the topics take now; asked again when one took less
     */
    CompletionStage<Void> open(Supplier<OutboundRecords> records) {
        return CompletableFuture.runAsync(() -> {
            limits = records;
            outbound = records.get();
            try {
                openProducer();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!stop.isSet()) {
                status.opened();
                status.well();
            }
        }, thread);
    }

    /** Lets the first batch come, once it is open. */
    void begin() throws InterruptedException, ExecutionException {
        source.begin();
    }

    /**
     * Works on a batch, the only one in hand.
     *
     * @return complete when the next batch may come; never, once the lane was stopped
     */
    CompletionStage<Void> accept(Batch batch) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                hold(batch);
                if (!stop.isSet()) {
                    done.complete(null);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debugf("Lane %s was stopped; %d records are left to the next start",
                    status.lane(), batch.records().size());
            return done;
        }
        source.rest(done);
        return done;
    }

    /** Begins to stop: commits what is answered, leaves the rest uncommitted, closes the producer. */
    void stop() {
        stop.set();
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
            try {
                work(batch, System.nanoTime());
            } catch (InterruptedException e) {
                throw e;
            } catch (Throwable e) { // Whatever it is, an error too: a lane that ends would strand its partitions.
                recover(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only a stop that takes too long interrupts
        }
    }

    private void work(Batch batch, long polled) throws InterruptedException {
        if (stop.isSet()) {
            return;
        }
        if (batch.rewinds() != source.rewinds()) {
            LOG.debugf("Lane %s skips %d records polled before it went back last", status.lane(), batch.records().size());
            return;
        }
        try (BatchInWork work = new BatchInWork(batch, processor, source, status, progress, stop)) {
            while (!work.isDone() && !stop.isSet()) {
                List<Answered> prefix = work.prefix(targetNanos);
                if (!prefix.isEmpty()) {
                    commit(prefix, work, polled);
                    work.committed();
                }
            }
        }
    }

    private void commit(List<Answered> prefix, BatchInWork work, long polled) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(prefix.size());
        List<Outcome> outcomes = new ArrayList<>(prefix.size());
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Answered answered : prefix) {
            Outbound out = outbound.of(answered.record(), answered.outcome());
            records.addAll(out.records());
            outcomes.add(out.outcome());
            offsets.put(
                    new TopicPartition(answered.record().topic(), answered.record().partition()),
                    new OffsetAndMetadata(answered.record().offset() + 1));
        }
        long begun = System.nanoTime();
        producer.commit(records, offsets, work.group());
        long committed = System.nanoTime();
        failuresInARow = 0;
        pause.reset();
        status.well();
        listener.published(Duration.ofNanos(committed - begun));
        long now = System.currentTimeMillis();
        for (int i = 0; i < outcomes.size(); i++) {
            long timestamp = prefix.get(i).record().timestamp();
            Duration latency = Duration.ofMillis(timestamp < 0 ? 0 : Math.max(0, now - timestamp));
            listener.committed(outcomes.get(i), latency, Duration.ofNanos(committed - polled));
            follow(prefix.get(i).record(), outcomes.get(i));
        }
    }

    private static void follow(ConsumerRecord<byte[], byte[]> record, Outcome outcome) {
        if (LOG.isDebugEnabled()) {
            String what = outcome instanceof Outcome.Answered answered
                    ? "answered as " + answered.key().replaceAll("\\p{Cntrl}", "?") + ", " + answered.spans() + " spans"
                    : outcome instanceof Outcome.Rejected dead ? "a dead letter, " + dead.reason().wireName() : "answered in parts";
            LOG.debugf("Record %s-%d-%d is committed: %s", record.topic(), record.partition(), record.offset(), what);
        }
    }

    private void recover(Throwable failure) throws InterruptedException {
        if (failure instanceof StaleBatchException) {
            LOG.infof("Lane %s drops a batch %s; it goes back to the committed offsets",
                    status.lane(), failure.getMessage());
            rewind(false);
            return;
        }
        failuresInARow++;
        // The trace once: while a broker is away it would be the same every few seconds.
        LOG.warnf(failuresInARow == 1 ? failure : null,
                "Lane %s: a batch failed (%s); the producer is opened anew and the batch is read again",
                status.lane(), failure);
        status.troubled("the last transaction failed: " + failure);
        boolean fenced = Failures.fenced(failure);
        if (fenced) {
            status.fenced();
        }
        // Who opens a producer at once after it was fenced fences the other: both would get nowhere.
        if (fenced || failuresInARow > 1) {
            stop.pause(pause.next());
        }
        if (Failures.tooLarge(failure)) {
            readLimits();
        }
        openProducer();
        rewind(Failures.expelled(failure) || Failures.unknownToTheGroup(failure) && failuresInARow > 1);
    }

    private void openProducer() throws InterruptedException {
        while (!stop.isSet()) {
            try {
                producer.reopen(outbound.maxBatchBytes());
                return;
            } catch (Exception | Error e) {
                long millis = pause.next();
                status.troubled("the transactional producer cannot be opened: " + e);
                LOG.warnf("Lane %s: the producer %s cannot be opened (%s); next try in %d ms",
                        status.lane(), producer.transactionalId(), e, millis);
                stop.pause(millis);
            }
        }
    }

    // The positions are behind the batch that was dropped: until they have gone back, nothing may be taken in hand.
    private void rewind(boolean rejoin) throws InterruptedException {
        while (!stop.isSet()) {
            try {
                if (rejoin) {
                    source.rejoin("fenced");
                }
                source.rewind();
                status.well();
                return;
            } catch (Exception | Error e) {
                long millis = pause.next();
                status.troubled("cannot go back to the committed offsets: " + e);
                LOG.warnf("Lane %s cannot go back to the committed offsets (%s); next try in %d ms",
                        status.lane(), e, millis);
                stop.pause(millis);
            }
        }
    }

    private void readLimits() {
        try {
            outbound = limits.get();
        } catch (RuntimeException e) {
            LOG.warnf("Lane %s does not know how much its topics take now (%s)", status.lane(), e.getMessage());
        }
    }
}
