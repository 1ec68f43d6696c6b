package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.checkpoint.AdapterException;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointCopy;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.onnx.Cases.Case;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.AdapterMissingException;
import io.metaie.tagging.Adapters.Hold;
import io.metaie.tagging.BatchObserver;
import io.metaie.tagging.BatchSettings;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Query;
import io.metaie.tagging.Source;
import io.metaie.tagging.TaggerException;
import io.metaie.tagging.Tags;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One session answers for the meta-model and for every adapter, whatever comes and goes meanwhile. */
class AdaptedTaggerTest {

    private static final Source STREAM = new Source("stream", false);

    private Checkpoint tiny;
    private OnnxTagger tagger;
    private List<Query> queries;

    @BeforeEach
    void open() throws Exception {
        tiny = Cases.open("tiny-roberta");
        tagger = OnnxTagger.onCpu(tiny, 1 << 26);
        queries = queries("tiny-roberta");
    }

    @AfterEach
    void close() {
        tagger.close();
    }

    static List<String> checkpoints() {
        return Cases.checkpoints();
    }

    private static List<Query> queries(String name) {
        return PlainGraph.longestFirst(Cases.of(name).stream().map(Case::query).toList());
    }

    private static Adapter news(int version) {
        return new Adapter("news", version);
    }

    private static double largestDifference(float[][] some, float[][] others) {
        assertEquals(some.length, others.length);
        double largest = 0;
        for (int word = 0; word < some.length; word++) {
            for (int tag = 0; tag < 3; tag++) {
                largest = Math.max(largest, Math.abs(some[word][tag] - others[word][tag]));
            }
        }
        return largest;
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void withoutAdapterItIsTheModelBitByBit(String name) throws Exception {
        Checkpoint checkpoint = Cases.open(name);
        try (OnnxTagger adaptable = OnnxTagger.onCpu(checkpoint, 0);
                PlainGraph plain = new PlainGraph(checkpoint)) {
            assertEquals(0, largestDifference(plain.logits(queries(name)), adaptable.logits(queries(name))));
            Query alone = queries(name).get(0);
            assertEquals(0, largestDifference(plain.logits(List.of(alone)), adaptable.logits(List.of(alone))));
        }
    }

    @ParameterizedTest
    @CsvSource({"tiny-roberta,8", "tiny-xlm-roberta,8", "tiny-roberta,1", "tiny-xlm-roberta,33"})
    void anAdapterIsItsProductAddedToTheWeights(String name, int rank, @TempDir Path directory) throws Exception {
        Checkpoint checkpoint = Cases.open(name);
        AdapterFile adapter = AdapterFile.read(TestAdapters.random(checkpoint, rank, rank).bytes());
        CheckpointCopy copy = CheckpointCopy.of(name, directory);
        copy.rewrite(TestAdapters.merge(copy.tensors().values(), adapter), 0);
        try (OnnxTagger adapted = OnnxTagger.onCpu(checkpoint, 1 << 26);
                PlainGraph merged = new PlainGraph(Checkpoint.open(directory))) {
            adapted.adapters().register(news(1), adapter);
            float[][] logits = adapted.logits(news(1), queries(name));
            assertEquals(0, largestDifference(merged.logits(queries(name)), logits), 1e-4);
            assertTrue(largestDifference(adapted.logits(queries(name)), logits) > 0.1);
        }
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() throws Exception {
        AdapterFile foreign = TestAdapters.random(Cases.open("tiny-xlm-roberta"), 4, 1);
        AdapterException refusal =
                assertThrows(AdapterException.class, () -> tagger.adapters().register(news(1), foreign));
        assertTrue(refusal.getMessage().contains(tiny.id()), refusal.getMessage());
        assertFalse(tagger.adapters().contains(news(1)));
    }

    @Test
    void anAdapterNobodyLoadedFailsItsBatchesOnly() throws Exception {
        TaggerException failure = assertThrows(TaggerException.class, tagger.prepare(news(3), queries)::run);
        assertFalse(failure.infrastructure());
        assertEquals("the adapter news@3 is not loaded", failure.getMessage());
        CompletionException refusal =
                assertThrows(CompletionException.class, () -> tagger.adapters().hold(news(3)).join());
        assertEquals(AdapterMissingException.class, refusal.getCause().getClass());
        assertEquals(queries.size(), tagger.prepare(Adapter.NONE, queries).run().size());
    }

    @Test
    void anEvictedAdapterStaysWhileItIsHeld() throws Exception {
        tagger.adapters().register(news(1), TestAdapters.random(tiny, 4, 1));
        float[][] logits = tagger.logits(news(1), queries);
        Hold first = tagger.adapters().hold(news(1)).join();
        Hold second = tagger.adapters().hold(news(1)).join();
        tagger.adapters().evict(news(1));
        first.close();
        first.close();
        assertArrayEquals(logits, tagger.logits(news(1), queries));
        second.close();
        assertFalse(tagger.adapters().contains(news(1)));
        assertThrows(TaggerException.class, () -> tagger.logits(news(1), queries));
    }

    @Test
    void adaptersUsedLongestAgoMakeRoom() throws Exception {
        tagger.adapters().register(news(1), TestAdapters.random(tiny, 4, 1));
        long one = tagger.adapters().bytes();
        try (OnnxTagger small = OnnxTagger.onCpu(tiny, 3 * one)) {
            AdapterCache cache = small.adapters();
            for (int version = 1; version <= 3; version++) {
                cache.register(news(version), TestAdapters.random(tiny, 4, version));
            }
            Hold held = cache.hold(news(2)).join();
            small.logits(news(1), queries);
            small.logits(news(3), queries);
            cache.register(news(4), TestAdapters.random(tiny, 4, 4));
            cache.register(news(5), TestAdapters.random(tiny, 4, 5));
            assertEquals(List.of(2, 4, 5), IntStream.rangeClosed(1, 5).filter(v -> cache.contains(news(v))).boxed().toList());
            held.close();
            for (int version = 6; version < 50; version++) {
                cache.register(news(version), TestAdapters.random(tiny, 4, version));
            }
            assertEquals(List.of(47, 48, 49),
                    IntStream.range(1, 50).filter(v -> cache.contains(news(v))).boxed().toList());
        }
    }

    @Test
    void anAdapterLargerThanTheRoomIsServedAlone() throws Exception {
        try (OnnxTagger none = OnnxTagger.onCpu(tiny, 0)) {
            none.adapters().register(news(1), TestAdapters.random(tiny, 4, 1));
            none.adapters().register(news(2), TestAdapters.random(tiny, 4, 2));
            assertFalse(none.adapters().contains(news(1)));
            assertEquals(queries.size(), none.prepare(news(2), queries).run().size());
        }
    }

    @Test
    void adaptersInFlightTogetherAnswerAsAlone() throws Exception {
        List<Adapter> adapters = List.of(Adapter.NONE, news(1), new Adapter("sport", 1), news(2));
        for (Adapter adapter : adapters.subList(1, 4)) {
            AdapterFile file = TestAdapters.random(tiny, 2 * adapter.version(), adapter.hashCode());
            tagger.adapters().register(adapter, file);
        }
        Map<Adapter, List<Tags>> alone = new HashMap<>();
        for (Adapter adapter : adapters) {
            for (Query query : queries) {
                alone.computeIfAbsent(adapter, a -> new ArrayList<>())
                        .addAll(tagger.prepare(adapter, List.of(query)).run());
            }
        }
        try (MicroBatcher batcher = batcher()) {
            List<CompletableFuture<List<Tags>>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Source source = i % 7 == 0 ? Source.INTERACTIVE : new Source("lane-" + i % 2, false);
                answers.add(batcher.submit(source, adapters.get(i % 4), queries));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertSame(alone.get(adapters.get(i % 4)), answers.get(i).join());
            }
        }
    }

    /** Two hundred times a new version takes the place of the old one, while documents of two stages are in work. */
    @Test
    void swapsUnderLoadLoseNothingAndLeaveNothingBehind() throws Exception {
        int swaps = 200;
        List<List<Tags>> expected = new ArrayList<>();
        for (int kind = 0; kind < 3; kind++) {
            tagger.adapters().register(new Adapter("kind", kind + 1), TestAdapters.random(tiny, 8, kind));
            expected.add(tagger.prepare(new Adapter("kind", kind + 1), queries).run());
            tagger.adapters().evict(new Adapter("kind", kind + 1));
        }
        AtomicInteger active = new AtomicInteger(3);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger documents = new AtomicInteger();
        tagger.adapters().register(news(3), TestAdapters.random(tiny, 8, 0));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (MicroBatcher batcher = batcher()) {
            Callable<Void> stream = () -> {
                while (!done.get()) {
                    document(batcher, active, expected);
                    documents.incrementAndGet();
                }
                return null;
            };
            List<Future<Void>> streams = List.of(threads.submit(stream), threads.submit(stream));
            long settled = 0;
            for (int version = 4; version < swaps + 4; version++) {
                int seen = documents.get();
                tagger.adapters().register(news(version), TestAdapters.random(tiny, 8, version % 3));
                active.set(version);
                tagger.adapters().evict(news(version - 1));
                while (documents.get() == seen && streams.stream().noneMatch(Future::isDone)) {
                    Thread.onSpinWait();
                }
                settled = version == 50 ? memory() : settled;
            }
            done.set(true);
            for (Future<Void> ended : streams) {
                ended.get();
            }
            assertTrue(documents.get() >= swaps, documents + " documents");
            assertTrue(memory() <= settled + (1 << 20), memory() + " bytes after " + settled);
            assertTrue(tagger.adapters().contains(news(swaps + 3)));
            assertFalse(tagger.adapters().contains(news(swaps + 2)));
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    private void document(MicroBatcher batcher, AtomicInteger active, List<List<Tags>> expected) {
        Adapter adapter = news(active.get());
        Hold hold;
        try {
            hold = tagger.adapters().hold(adapter).join();
        } catch (CompletionException e) {
            assertEquals(AdapterMissingException.class, e.getCause().getClass());
            assertTrue(active.get() != adapter.version(), "the active adapter is there");
            return;
        }
        try {
            for (int stage = 0; stage < 2; stage++) {
                assertSame(expected.get(adapter.version() % 3), batcher.submit(STREAM, adapter, queries).join());
            }
        } finally {
            hold.close();
        }
    }

    private static long memory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private MicroBatcher batcher() {
        return new MicroBatcher(tagger, new BatchSettings(2, 96, 32, Duration.ZERO), BatchObserver.NONE);
    }

    private static void assertSame(List<Tags> expected, List<Tags> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).tags(), actual.get(i).tags());
            assertArrayEquals(expected.get(i).probabilities(), actual.get(i).probabilities(), 1e-5f);
        }
    }
}
