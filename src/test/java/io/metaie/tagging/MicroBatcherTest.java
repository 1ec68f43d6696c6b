package io.metaie.tagging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MicroBatcherTest {

    private static final Source STREAM = new Source("stream", false);
    private static final int POISON = 666;

    private final FakeTagger tagger = new FakeTagger(query -> FakeTagger.answer(query, i -> (byte) (query.tokens()[0] % 3)));
    private final List<BatchObserver.BatchRun> seen = Collections.synchronizedList(new ArrayList<>());
    private final MicroBatcher batcher =
            new MicroBatcher(tagger, new BatchSettings(2, 100, 64, Duration.ofMillis(1)), seen::add);

    @AfterEach
    void close() {
        batcher.close();
    }

    @Test
    void answersComeInTheOrderOfTheQueries() throws Exception {
        List<Query> queries = IntStream.range(0, 500).mapToObj(i -> query(i, 1 + i % 60)).toList();
        List<Tags> answers = submit(queries).get(10, TimeUnit.SECONDS);
        for (int i = 0; i < queries.size(); i++) {
            assertEquals(i % 3, answers.get(i).tags()[0]);
        }
        assertTrue(seen.stream().allMatch(run -> run.tokens() <= 100 || run.queries() == 1));
        assertEquals(500, seen.stream().mapToInt(BatchObserver.BatchRun::queries).sum());
    }

    @Test
    void nothingAskedIsAnsweredAtOnce() {
        assertEquals(List.of(), submit(List.of()).join());
    }

    @Test
    void batchesRunOnTheWorkersOnly() throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        tagger.before(queries -> threads.add(Thread.currentThread().getName()));
        submit(IntStream.range(0, 200).mapToObj(i -> query(i, 50)).toList()).get(10, TimeUnit.SECONDS);
        assertTrue(Set.of("tagger-1", "tagger-2").containsAll(threads), threads.toString());
    }

    @Test
    void oneBadQueryFailsAloneAfterThreeTries() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        tagger.before(queries -> {
            if (queries.stream().anyMatch(q -> q.tokens()[0] == POISON)) {
                tries.incrementAndGet();
                throw new TaggerException("bad shape", false, null);
            }
        });
        CompletableFuture<List<Tags>> bad = submit(List.of(query(POISON, 5)));
        CompletableFuture<List<Tags>> good = submit(List.of(query(1, 5), query(2, 5)));
        assertEquals(2, good.get(10, TimeUnit.SECONDS).size());
        ExecutionException e = assertThrows(ExecutionException.class, () -> bad.get(10, TimeUnit.SECONDS));
        assertInstanceOf(QueryFailedException.class, e.getCause());
        assertEquals(3, tries.get());
    }

    @Test
    void aTaggerThatThrowsOnceCostsNothing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        tagger.before(queries -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("once");
            }
        });
        assertEquals(3, submit(List.of(query(1, 5), query(2, 5), query(3, 5))).get(10, TimeUnit.SECONDS).size());
    }

    @Test
    void aLostDeviceBlamesNoQuery() {
        tagger.before(queries -> {
            throw new TaggerException("device lost", true, null);
        });
        ExecutionException e = assertThrows(ExecutionException.class,
                () -> submit(List.of(query(1, 5))).get(10, TimeUnit.SECONDS));
        assertInstanceOf(TaggerUnavailableException.class, e.getCause());
        assertEquals(1, tagger.runs.get());
    }

    @Test
    void anErrorKillsNoWorker() throws Exception {
        tagger.before(queries -> {
            throw new OutOfMemoryError("of a test");
        });
        for (int i = 0; i < 4; i++) {
            assertThrows(ExecutionException.class, () -> submit(List.of(query(1, 5))).get(10, TimeUnit.SECONDS));
        }
        tagger.before(queries -> {});
        assertEquals(1, submit(List.of(query(1, 5))).get(10, TimeUnit.SECONDS).size());
    }

    @Test
    void whatNobodyWaitsForDoesNotRun() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        tagger.before(queries -> awaitLatch(held));
        submit(List.of(query(1, 100), query(2, 100), query(3, 100)));
        await().until(() -> tagger.runs.get() == 2);
        CompletableFuture<List<Tags>> unwanted =
                submit(IntStream.range(0, 50).mapToObj(i -> query(i, 100)).toList());
        unwanted.cancel(false);
        CompletableFuture<List<Tags>> wanted = submit(List.of(query(7, 100)));
        held.countDown();
        wanted.get(10, TimeUnit.SECONDS);
        assertTrue(tagger.runs.get() <= 5, tagger.runs + " batches ran");
    }

    @Test
    void interactiveQueriesOvertakeWhatIsPrepared() throws Exception {
        CountDownLatch held = new CountDownLatch(2);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        tagger.before(queries -> {
            order.add(queries.get(0).tokens()[0]);
            if (held.getCount() > 0) {
                awaitLatch(held);
            }
        });
        // Two run, the third is prepared, the others wait.
        CompletableFuture<List<Tags>> stream = submit(List.of(
                query(1, 100), query(1, 100), query(1, 100), query(1, 100), query(1, 100)));
        await().until(() -> order.size() == 2 && tagger.prepared.get() == 3 && composerWaits());
        CompletableFuture<List<Tags>> question =
                batcher.submit(Source.INTERACTIVE, Adapter.NONE, List.of(query(7, 20), query(8, 20)));
        // Two run, two are laid out, two wait.
        await().until(() -> tagger.prepared.get() == 4 && composerWaits());
        assertEquals(200, batcher.waitingTokens());
        held.countDown();
        held.countDown();
        question.get(10, TimeUnit.SECONDS);
        stream.get(10, TimeUnit.SECONDS);
        // It runs before the third, or beside it.
        assertTrue(order.indexOf(7) <= 3, order.toString());
        assertEquals(6, order.size(), "the question is a batch of its own: " + order);
    }

    @Test
    void aHangingTaggerIsNoticed() {
        CountDownLatch held = new CountDownLatch(1);
        tagger.before(queries -> awaitLatch(held));
        assertEquals(Duration.ZERO, batcher.stalledFor());
        CompletableFuture<List<Tags>> answer = submit(List.of(query(1, 5)));
        await().until(() -> batcher.stalledFor().compareTo(Duration.ofMillis(50)) > 0);
        held.countDown();
        answer.join();
        await().until(() -> batcher.stalledFor().isZero());
    }

    @Test
    void closingFailsWhatWaits() {
        CountDownLatch held = new CountDownLatch(1);
        tagger.before(queries -> awaitLatch(held));
        CompletableFuture<List<Tags>> answer =
                submit(IntStream.range(0, 50).mapToObj(i -> query(i, 100)).toList());
        await().until(() -> tagger.runs.get() == 2);
        CompletableFuture.runAsync(batcher::close);
        assertThrows(ExecutionException.class, () -> answer.get(10, TimeUnit.SECONDS));
        held.countDown();
        await().until(() -> submit(List.of(query(1, 5))).isCompletedExceptionally());
        assertEquals(Duration.ZERO, batcher.stalledFor());
    }

    /** What was laid out is handed over, and there is nothing more to lay out. */
    private static boolean composerWaits() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("batcher"))
                .allMatch(thread -> thread.getState() == Thread.State.WAITING);
    }

    private CompletableFuture<List<Tags>> submit(List<Query> queries) {
        return batcher.submit(STREAM, Adapter.NONE, queries);
    }

    private static Query query(int id, int length) {
        int[] tokens = new int[length];
        tokens[0] = id;
        return new Query(tokens, new int[] {0});
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
