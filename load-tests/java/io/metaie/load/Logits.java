package io.metaie.load;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.onnx.Cases;
import io.metaie.onnx.Cases.Case;
import io.metaie.onnx.Device;
import io.metaie.onnx.OnnxTagger;
import io.metaie.onnx.Precision;
import io.metaie.onnx.Taggers;
import io.metaie.tagging.Query;
import io.metaie.tagging.TaggerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How far the tagger's logits are from those Hugging Face transformers computed for the stored cases of each
 * checkpoint, and how far a query's logits in random batches are from those it has alone. Lengths go from one word to a
 * full window.
 */
public final class Logits {

    private static final int BATCHES = 40;

    private Logits() {}

    public static void main(String... arguments) throws Exception {
        System.out.println(Machine.describe());
        for (String name : Cases.checkpoints()) {
            Checkpoint checkpoint = Cases.open(name);
            try (OnnxTagger tagger = Taggers.open(checkpoint, new Device.Cpu(), Precision.FP32, 0);
                    Vocabulary vocabulary = Vocabulary.open(checkpoint)) {
                List<Case> cases = Cases.of(name);
                System.out.printf(Locale.ROOT,
                        "%s: %d cases, largest difference from transformers %.1e; largest difference in %d random"
                                + " batches from alone %.1e%n",
                        checkpoint.id(), cases.size(), fromTransformers(checkpoint, tagger, vocabulary, cases), BATCHES,
                        fromAlone(checkpoint, tagger));
            }
        }
    }

    private static double fromTransformers(
            Checkpoint checkpoint, OnnxTagger tagger, Vocabulary vocabulary, List<Case> cases) throws TaggerException {
        List<String> labels = checkpoint.config().labels();
        int[] order = {labels.indexOf("B"), labels.indexOf("I"), labels.indexOf("O")};
        double largest = 0;
        for (Case expected : cases) {
            float[][] logits = tagger.logits(List.of(expected.encode(vocabulary)));
            for (int word = 0; word < logits.length; word++) {
                for (int tag = 0; tag < 3; tag++) {
                    largest = Math.max(largest, Math.abs(logits[word][tag] - expected.logits()[word][order[tag]]));
                }
            }
        }
        return largest;
    }

    private static double fromAlone(Checkpoint checkpoint, OnnxTagger tagger) throws TaggerException {
        Random random = new Random(1);
        int window = checkpoint.config().maxTokens();
        int[] lengths = {3, 4, 5, 8, 13, 21, 34, 55, 89, window - 1, window, 3, 20, 20};
        List<Query> queries = new ArrayList<>(
                IntStream.of(lengths).mapToObj(length -> query(checkpoint, length, random)).toList());
        Map<Query, float[][]> alone = new HashMap<>();
        for (Query query : queries) {
            alone.put(query, tagger.logits(List.of(query)));
        }
        double largest = 0;
        for (int i = 0; i < BATCHES; i++) {
            Collections.shuffle(queries, random);
            List<Query> batch = queries.subList(0, 2 + random.nextInt(queries.size() - 1));
            float[][] logits = tagger.logits(batch);
            int row = 0;
            for (Query query : batch) {
                for (float[] expected : alone.get(query)) {
                    for (int tag = 0; tag < 3; tag++) {
                        largest = Math.max(largest, Math.abs(expected[tag] - logits[row][tag]));
                    }
                    row++;
                }
            }
        }
        return largest;
    }

    private static Query query(Checkpoint checkpoint, int length, Random random) {
        int[] tokens = random.ints(length, 110, checkpoint.config().vocabulary()).toArray();
        tokens[0] = checkpoint.config().bos();
        tokens[length - 1] = checkpoint.config().eos();
        return new Query(tokens, IntStream.range(1, length - 1).toArray());
    }
}
