package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.onnx.Cases.Case;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Query;
import io.metaie.tagging.Tag;
import io.metaie.tagging.Tagger;
import io.metaie.tagging.TaggerException;
import io.metaie.tagging.Tags;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxTaggerTest {

    private static final Map<String, Checkpoint> CHECKPOINTS = new HashMap<>();
    private static final Map<String, OnnxTagger> TAGGERS = new HashMap<>();

    @BeforeAll
    static void open() throws Exception {
        for (String name : Cases.checkpoints()) {
            CHECKPOINTS.put(name, Cases.open(name));
            TAGGERS.put(name, OnnxTagger.onCpu(CHECKPOINTS.get(name), 1 << 26));
        }
    }

    @AfterAll
    static void close() {
        TAGGERS.values().forEach(Tagger::close);
    }

    static List<String> checkpoints() {
        return Cases.checkpoints();
    }

    /** A query of so many tokens, random ones between bos and eos, every other one a word's first. */
    private static Query query(RobertaConfig config, int length, Random random) {
        int[] tokens = IntStream.range(0, length).map(i -> 110 + random.nextInt(config.vocabulary() - 110)).toArray();
        tokens[0] = config.bos();
        tokens[length - 1] = config.eos();
        int[] firsts = IntStream.range(1, length - 1).filter(i -> i % 2 == 1).toArray();
        return new Query(tokens, firsts);
    }

    private static List<Query> queries(RobertaConfig config, Random random, int... lengths) {
        return IntStream.of(lengths).mapToObj(length -> query(config, length, random)).toList();
    }

    private static void assertClose(float[][] expected, float[][] actual, float difference, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int word = 0; word < expected.length; word++) {
            assertArrayEquals(expected[word], actual[word], difference, what + ", word " + word);
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void logitsAreThoseOfTransformers(String name) throws Exception {
        List<String> order = CHECKPOINTS.get(name).config().labels();
        for (Case expected : Cases.of(name)) {
            float[][] inOrder = Stream.of(expected.logits())
                    .map(row -> new float[] {row[order.indexOf("B")], row[order.indexOf("I")], row[order.indexOf("O")]})
                    .toArray(float[][]::new);
            assertClose(inOrder, TAGGERS.get(name).logits(List.of(expected.query())), 1e-4f, expected.label());
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void idsAreThoseOfTransformers(String name) throws Exception {
        try (Vocabulary vocabulary = Vocabulary.open(CHECKPOINTS.get(name))) {
            for (Case expected : Cases.of(name)) {
                Query query = expected.encode(vocabulary);
                assertArrayEquals(expected.query().tokens(), query.tokens(), expected.label());
                assertArrayEquals(expected.query().firsts(), query.firsts(), expected.label());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void logitsDoNotDependOnBatchMatesOrPlace(String name) throws Exception {
        RobertaConfig config = CHECKPOINTS.get(name).config();
        Random random = new Random(7);
        OnnxTagger tagger = TAGGERS.get(name);
        int window = config.maxTokens();
        List<Query> queries = new ArrayList<>(
                queries(config, random, 3, window, 5, 24, window - 1, 17, 3, 64, 31, 32, 33, 100, 4, 5, 6, 7, 8, 9));
        Map<Query, float[][]> alone = new HashMap<>();
        for (Query query : queries) {
            alone.put(query, tagger.logits(List.of(query)));
        }
        for (int round = 0; round < 4; round++) {
            Collections.shuffle(queries, random);
            for (int size : new int[] {2, 5, queries.size()}) {
                List<Query> batch = queries.subList(0, size);
                float[][] expected =
                        batch.stream().flatMap(query -> Stream.of(alone.get(query))).toArray(float[][]::new);
                assertClose(expected, tagger.logits(batch), 1e-5f, "batch of " + size);
            }
        }
    }

    @Test
    void oneWordBesideAFullWindowCostsNoMemoryForIt() throws Exception {
        RobertaConfig config = CHECKPOINTS.get("metaie-mini").config();
        int[] lengths = IntStream.range(0, 201).map(i -> i == 100 ? config.maxTokens() : 3).toArray();
        Tagger.Batch batch =
                TAGGERS.get("metaie-mini").prepare(Adapter.NONE, queries(config, new Random(1), lengths));
        assertEquals(200 * 3 + config.maxTokens(), batch.tokens());
        assertTrue(batch.padding() < 10 * config.maxTokens(), () -> "padding " + batch.padding());
        assertEquals(201, batch.run().size());
    }

    @Test
    void theTagIsTheMostProbableOne() throws Exception {
        OnnxTagger tagger = TAGGERS.get("metaie-mini");
        for (Case expected : Cases.of("metaie-mini")) {
            Tags tags = tagger.prepare(Adapter.NONE, List.of(expected.query())).run().get(0);
            for (int word = 0; word < expected.words().size(); word++) {
                float[] logits = expected.logits()[word];
                double sum = 0;
                int best = 0;
                for (int i = 0; i < 3; i++) {
                    sum += Math.exp(logits[i]);
                    best = logits[i] > logits[best] ? i : best;
                }
                assertEquals(best, tags.tags()[word]);
                assertEquals(Math.exp(logits[best]) / sum, tags.probabilities()[word], 1e-4);
            }
        }
    }

    @Test
    void theBundledModelFindsAPerson() throws Exception {
        Case person = Cases.of("metaie-mini").get(0);
        assertEquals(List.of("Ada", "Lovelace", "met", "Charles", "Babbage", "in", "London", "."), person.words());
        Tags tags = TAGGERS.get("metaie-mini").prepare(Adapter.NONE, List.of(person.query())).run().get(0);
        assertArrayEquals(new byte[] {Tag.B, Tag.I, Tag.O, Tag.B, Tag.I, Tag.O, Tag.O, Tag.O}, tags.tags());
    }

    @Test
    void queriesWithoutWordsAndBatchesWithoutQueriesAreAnswered() throws Exception {
        OnnxTagger tagger = TAGGERS.get("tiny-roberta");
        RobertaConfig config = CHECKPOINTS.get("tiny-roberta").config();
        Query empty = new Query(new int[] {config.bos(), config.eos()}, new int[0]);
        assertEquals(List.of(), tagger.prepare(Adapter.NONE, List.of()).run());
        Query query = query(config, 9, new Random(3));
        List<Tags> answers = tagger.prepare(Adapter.NONE, List.of(empty, query, empty)).run();
        assertEquals(3, answers.size());
        assertEquals(0, answers.get(0).tags().length);
        assertEquals(4, answers.get(1).tags().length);
        assertEquals(0, answers.get(2).tags().length);
    }

    @Test
    void aQueryOutsideTheVocabularyFailsAloneAndIsNoFaultOfTheDevice() throws Exception {
        OnnxTagger tagger = TAGGERS.get("tiny-roberta");
        RobertaConfig config = CHECKPOINTS.get("tiny-roberta").config();
        Query bad = new Query(new int[] {config.bos(), config.vocabulary(), config.eos()}, new int[] {1});
        for (int i = 0; i < 100; i++) {
            Tagger.Batch batch = tagger.prepare(Adapter.NONE, List.of(bad));
            assertFalse(assertThrows(TaggerException.class, batch::run).infrastructure());
        }
        Case good = Cases.of("tiny-roberta").get(0);
        assertClose(good.logits(), tagger.logits(List.of(good.query())), 1e-4f, "afterwards");
    }

    @Test
    void twoThreadsDoNotDisturbEachOther() throws Exception {
        OnnxTagger tagger = TAGGERS.get("metaie-mini");
        RobertaConfig config = CHECKPOINTS.get("metaie-mini").config();
        List<List<Query>> batches = new ArrayList<>();
        List<float[][]> expected = new ArrayList<>();
        Random random = new Random(11);
        for (int i = 0; i < 6; i++) {
            batches.add(queries(config, random, 5 + 3 * i, 20, 40 - i, 7));
            expected.add(tagger.logits(batches.get(i)));
        }
        Callable<Void> work = () -> {
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < batches.size(); i++) {
                    assertClose(expected.get(i), tagger.logits(batches.get(i)), 0, "batch " + i);
                }
            }
            return null;
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<Void> done : threads.invokeAll(List.of(work, work))) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aBatchRunsOnce() throws Exception {
        Tagger.Batch batch = TAGGERS.get("tiny-roberta")
                .prepare(Adapter.NONE, queries(CHECKPOINTS.get("tiny-roberta").config(), new Random(5), 6));
        batch.run();
        assertThrows(IllegalStateException.class, batch::run);
    }

    @Test
    void aClosedTaggerSaysSo() throws Exception {
        OnnxTagger tagger = OnnxTagger.onCpu(CHECKPOINTS.get("tiny-roberta"), 1 << 26);
        Tagger.Batch batch =
                tagger.prepare(Adapter.NONE, queries(CHECKPOINTS.get("tiny-roberta").config(), new Random(5), 6));
        tagger.close();
        tagger.close();
        assertTrue(assertThrows(TaggerException.class, batch::run).infrastructure());
    }
}
