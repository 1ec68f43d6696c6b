package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointCopy;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.onnx.Cases.Case;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Query;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The linear layers in 8-bit integers. */
class Int8TaggerTest {

    private static final Adapter NEWS = new Adapter("news", 1);

    static List<String> checkpoints() {
        return Cases.checkpoints();
    }

    private static List<Query> queries(String name) {
        return Cases.of(name).stream().map(Case::query).toList();
    }

    private static ActivationRanges ranges(String name) throws Exception {
        try (Calibration calibration = new Calibration(Cases.open(name))) {
            calibration.observe(queries(name));
            return calibration.ranges();
        }
    }

    private static OnnxTagger integers(String name, boolean signed) throws Exception {
        return OnnxTagger.inIntegers(new Int8Weights(Cases.open(name), signed), ranges(name), 1 << 26);
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

    /** How much the logits are spread: what a difference is to be measured by. */
    private static double spread(float[][] logits) {
        double sum = 0;
        for (float[] row : logits) {
            sum += Math.abs(row[0] - row[2]) + Math.abs(row[1] - row[2]);
        }
        return sum / logits.length / 2;
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void logitsAreNearThoseInFloats(String name) throws Exception {
        try (OnnxTagger floats = OnnxTagger.onCpu(Cases.open(name), 0);
                OnnxTagger integers = integers(name, signed())) {
            float[][] expected = floats.logits(queries(name));
            double difference = largestDifference(expected, integers.logits(queries(name)));
            assertTrue(difference > 1e-5, "nothing was rounded");
            assertTrue(difference < 0.4 * spread(expected), () -> difference + " of " + spread(expected));
        }
    }

    /** Signed weights are run only where their sums are exact; unsigned ones are so everywhere. */
    @ParameterizedTest
    @MethodSource("checkpoints")
    void everyProcessorGivesTheSameLogits(String name) throws Exception {
        try (OnnxTagger here = integers(name, signed());
                OnnxTagger everywhere = integers(name, false)) {
            assertEquals(0, largestDifference(everywhere.logits(queries(name)), here.logits(queries(name))), 1e-5);
        }
    }

    private static boolean signed() throws Exception {
        return ByteProducts.of(OrtEnvironment.getEnvironment()).signedWeights();
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void logitsDoNotDependOnBatchMatesOrPlace(String name) throws Exception {
        Random random = new Random(7);
        Checkpoint checkpoint = Cases.open(name);
        int window = checkpoint.config().maxTokens();
        List<Query> queries = new ArrayList<>(IntStream.of(3, window, 5, 24, window - 1, 17, 3, 64, 31, 32, 33, 4, 7)
                .mapToObj(length -> query(checkpoint, length, random))
                .toList());
        try (OnnxTagger tagger = integers(name, signed())) {
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
                    assertEquals(0, largestDifference(expected, tagger.logits(batch)), 1e-5);
                }
            }
        }
    }

    private static Query query(Checkpoint checkpoint, int length, Random random) {
        int[] tokens = random.ints(length, 110, checkpoint.config().vocabulary()).toArray();
        tokens[0] = checkpoint.config().bos();
        tokens[length - 1] = checkpoint.config().eos();
        return new Query(tokens, IntStream.range(1, length - 1).filter(i -> i % 2 == 1).toArray());
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void anAdapterOfRankZeroChangesNothing(String name) throws Exception {
        Checkpoint checkpoint = Cases.open(name);
        Int8Weights weights = new Int8Weights(checkpoint, signed());
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        GraphSession adapted = new GraphSession(
                environment, RobertaGraph.int8(weights, ranges(name), true));
        try (OnnxTagger tagger = integers(name, signed());
                AdapterWeights none = AdapterWeights.none(environment, checkpoint)) {
            List<Query> sorted = PlainGraph.longestFirst(queries(name));
            Workspace workspace = new Workspace();
            workspace.reset(RaggedInputs.bytes(sorted, checkpoint.config()), RaggedInputs.PIECES);
            RaggedInputs inputs = RaggedInputs.of(sorted, checkpoint.config(), workspace);
            adapted.run(inputs, none.inputs());
            for (float[] expected : tagger.logits(sorted)) {
                float[] row = new float[3];
                inputs.logits().get(row);
                assertArrayEquals(expected, row);
            }
        } finally {
            adapted.close();
        }
    }

    /** The adapter is not rounded: what it adds to the logits is what it adds to those of floats. */
    @ParameterizedTest
    @CsvSource({"tiny-roberta,8", "tiny-roberta,32", "tiny-xlm-roberta,8", "tiny-xlm-roberta,32"})
    void anAdapterIsAddedInFloats(String name, int rank, @TempDir Path directory) throws Exception {
        Checkpoint checkpoint = Cases.open(name);
        AdapterFile adapter = AdapterFile.read(TestAdapters.random(checkpoint, rank, rank).bytes());
        CheckpointCopy copy = CheckpointCopy.of(name, directory);
        copy.rewrite(TestAdapters.merge(copy.tensors().values(), adapter), 0);
        List<Query> sorted = PlainGraph.longestFirst(queries(name));
        try (OnnxTagger tagger = integers(name, signed());
                PlainGraph merged = new PlainGraph(Checkpoint.open(directory))) {
            float[][] without = tagger.logits(sorted);
            tagger.adapters().register(NEWS, adapter);
            float[][] expected = merged.logits(sorted);
            double changed = largestDifference(without, expected);
            double off = largestDifference(tagger.logits(NEWS, sorted), expected);
            assertTrue(changed > 0.1, () -> "the adapter changes " + changed);
            assertTrue(off < 0.4 * spread(expected), () -> off + " of " + spread(expected) + ", changed " + changed);
            assertEquals(0, largestDifference(without, tagger.logits(sorted)));
        }
    }
}
