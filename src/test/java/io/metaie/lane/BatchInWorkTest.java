package io.metaie.lane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.StopSignal;
import io.metaie.lane.BatchInWork.Answered;
import io.metaie.record.InboundRecord;
import io.metaie.record.InfrastructureException;
import io.metaie.record.Outcome;
import io.metaie.record.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BatchInWorkTest {

    private static final long LONG = TimeUnit.SECONDS.toNanos(30);
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(1);

    private final Group group = new Group();
    private final LaneStatus status = new LaneStatus("1");
    private final AtomicLong batches = new AtomicLong();
    private final StopSignal stop = new StopSignal();
    /** By offset, every future the processor has given out for it. */
    private final Map<Long, List<CompletableFuture<Outcome>>> asked = new HashMap<>();

    @Test
    void asksAllAtOnceAndTakesThemInOrder() throws Exception {
        try (BatchInWork work = begin(0, 1, 2)) {
            assertEquals(3, asked.size());
            answer(2);
            answer(1);
            answer(0);
            assertEquals(List.of(0L, 1L, 2L), offsets(work.prefix(LONG)));
            assertTrue(work.isDone());
        }
    }

    @Test
    void aPrefixEndsWithItsTime() throws Exception {
        try (BatchInWork work = begin(0, 1, 2, 3)) {
            answer(0);
            answer(1);
            answer(3);
            assertEquals(List.of(0L, 1L), offsets(work.prefix(SHORT)));
            assertEquals(2, status.inHand().get(new TopicPartition("documents", 0)).offset() + 2, "not committed yet");
            work.committed();
            assertEquals(2, status.inHand().get(new TopicPartition("documents", 0)).offset());
            answer(2);
            assertEquals(List.of(2L, 3L), offsets(work.prefix(SHORT)));
        }
        assertTrue(status.inHand().isEmpty());
    }

    @Test
    void aRebalanceMakesItStale() {
        try (BatchInWork work = begin(0)) {
            group.generation = 8;
            assertTimeoutPreemptively(Duration.ofSeconds(10),
                    () -> assertThrows(StaleBatchException.class, () -> work.prefix(LONG)));
        }
        assertTrue(asked.get(0L).get(0).isCancelled(), "nobody waits for it any more");
        assertThrows(StaleBatchException.class, () -> begin(1));
        assertFalse(asked.containsKey(1L), "work that would be refused is not begun");
    }

    @Test
    void aStopEndsTheWait() throws Exception {
        try (BatchInWork work = begin(0, 1)) {
            answer(0);
            CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(stop::set);
            assertEquals(List.of(0L), offsets(work.prefix(LONG)));
            assertEquals(List.of(), offsets(work.prefix(LONG)));
            assertFalse(work.isDone());
        }
    }

    @Test
    void whatFailsThreeTimesIsFailed() throws Exception {
        try (BatchInWork work = begin(0, 1)) {
            answer(1);
            asked.get(0L).get(0).completeExceptionally(new IllegalStateException("first"));
            CompletableFuture<List<Answered>> prefix = inBackground(work);
            awaitAsked(0, 2).completeExceptionally(new IllegalStateException("second"));
            awaitAsked(0, 3).completeExceptionally(new IllegalStateException("third"));
            List<Answered> answered = prefix.get(10, TimeUnit.SECONDS);
            Outcome.Rejected rejected = assertInstanceOf(Outcome.Rejected.class, answered.get(0).outcome());
            assertEquals(Reason.FAILED, rejected.reason());
            assertTrue(rejected.cause().contains("third"), rejected.cause());
            assertInstanceOf(Outcome.Answered.class, answered.get(1).outcome());
        }
    }

    @Test
    void infrastructureIsTriedUntilItIsBack() throws Exception {
        try (BatchInWork work = begin(0, 1)) {
            asked.get(1L).get(0).completeExceptionally(new OutOfMemoryError("device"));
            asked.get(0L).get(0).completeExceptionally(new InfrastructureException("device", null));
            CompletableFuture<List<Answered>> prefix = inBackground(work);
            for (int attempt = 2; attempt < 5; attempt++) {
                awaitAsked(0, attempt).completeExceptionally(new InfrastructureException("device", null));
            }
            assertTrue(status.notReady("x").orElseThrow().contains("device"));
            awaitAsked(0, 5).completeExceptionally(new NoClassDefFoundError("io/metaie/text/Splitter"));
            awaitAsked(0, 6).complete(extracted());
            awaitAsked(1, 2).complete(extracted());
            asked.get(1L).forEach(future -> future.complete(extracted()));
            assertEquals(List.of(0L, 1L), offsets(prefix.get(10, TimeUnit.SECONDS)));
        }
    }

    @Test
    void theTaggersProgressCountsWhileItWaits() throws Exception {
        try (BatchInWork work = begin(0)) {
            CompletableFuture<List<Answered>> prefix = inBackground(work);
            while (status.still().toMillis() < 300) {
                Thread.onSpinWait();
            }
            batches.incrementAndGet();
            long deadline = System.nanoTime() + LONG;
            while (status.still().toMillis() >= 300 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertTrue(status.still().toMillis() < 300);
            answer(0);
            prefix.get(10, TimeUnit.SECONDS);
            assertEquals(Duration.ZERO, status.still());
        }
    }

    private BatchInWork begin(long... offsets) {
        List<ConsumerRecord<byte[], byte[]>> records = LongStream.of(offsets)
                .mapToObj(offset -> new ConsumerRecord<>("documents", 0, offset, (byte[]) null, "x".getBytes(UTF_8)))
                .toList();
        return new BatchInWork(new Batch(records, 7, 0), this::ask, group, status, batches::get, stop);
    }

    private CompletableFuture<Outcome> ask(InboundRecord record) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        synchronized (asked) {
            asked.computeIfAbsent(record.offset(), offset -> new ArrayList<>()).add(answer);
            asked.notifyAll();
        }
        return answer;
    }

    private CompletableFuture<Outcome> awaitAsked(long offset, int times) throws InterruptedException {
        long deadline = System.nanoTime() + LONG;
        synchronized (asked) {
            while (asked.get(offset).size() < times) {
                asked.wait(100);
                assertTrue(System.nanoTime() < deadline, "asked only " + asked.get(offset).size() + " times");
            }
            return asked.get(offset).get(times - 1);
        }
    }

    private static CompletableFuture<List<Answered>> inBackground(BatchInWork work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.prefix(LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void answer(long offset) {
        asked.get(offset).get(0).complete(extracted());
    }

    private static Outcome extracted() {
        return new Outcome.Answered("d", "{}".getBytes(UTF_8), 0);
    }

    private static List<Long> offsets(List<Answered> answered) {
        return answered.stream().map(a -> a.record().offset()).toList();
    }

    private static final class Group implements LaneSource {

        private volatile int generation = 7;

        @Override
        public void begin() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ConsumerGroupMetadata group() {
            return new ConsumerGroupMetadata("metaie", generation, "member", Optional.of("lane-1"));
        }

        @Override
        public void rewind() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int rewinds() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void rejoin(String why) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void rest(CompletableFuture<Void> done) {
            throw new UnsupportedOperationException();
        }
    }
}
