package io.metaie.load;

import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.onnx.Device;
import io.metaie.onnx.OnnxTagger;
import io.metaie.onnx.Precision;
import io.metaie.onnx.Taggers;
import io.metaie.tagging.Query;
import io.metaie.tagging.TaggerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the ragged graph with sorted queries and a token budget gains over a plain padded graph in batches of 16, both
 * in ONNX Runtime with the same settings and on one thread, whose computing time is what counts. Pairs of the same
 * queries, interleaved; the order within a pair alternates; the figure is the median of the pairs' ratios. The logits
 * of both are compared, too.
 *
 * <p>Arguments: {@code [model directory] [pairs] [token budget]}.
 */
public final class RaggedAgainstPadded {

    private static final int WINDOW = 256;
    private static final int PADDED_BATCH = 16;

    private RaggedAgainstPadded() {}

    public static void main(String... arguments) throws Exception {
        Path model = Path.of(arguments.length > 0 ? arguments[0] : "models/metaie-mini");
        int pairs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 24;
        int budget = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 512;
        Checkpoint checkpoint = Checkpoint.open(model);
        try (Vocabulary vocabulary = Vocabulary.open(checkpoint);
                OnnxTagger ragged = Taggers.open(checkpoint, new Device.Cpu(), Precision.FP32, 0);
                PaddedTagger padded = new PaddedTagger(checkpoint)) {
            List<Query> queries = Corpus.queries(vocabulary, (pairs + 1) * WINDOW);
            System.out.println(Machine.describe());
            System.out.printf(Locale.ROOT, "Model %s, fp32, one thread; %d queries of %.1f tokens, four labels a sentence; ragged:"
                            + " windows of %d, budget of %d tokens; padded: batches of %d%n",
                    checkpoint.id(), queries.size(),
                    queries.stream().mapToInt(Query::length).average().orElseThrow(), WINDOW, budget, PADDED_BATCH);
            measure(checkpoint, ragged, padded, queries, budget);
        }
    }

    private static void measure(
            Checkpoint checkpoint, OnnxTagger ragged, PaddedTagger padded, List<Query> queries, int budget)
            throws TaggerException, OrtException {
        compare(checkpoint, ragged, padded, queries.subList(0, WINDOW)); // warms up, too
        List<Double> ratios = new ArrayList<>();
        double raggedSeconds = 0;
        double paddedSeconds = 0;
        long tokens = 0;
        for (int start = WINDOW; start + WINDOW <= queries.size(); start += WINDOW) {
            List<Query> part = queries.subList(start, start + WINDOW);
            boolean raggedFirst = ratios.size() % 2 == 0;
            double first = raggedFirst ? ragged(ragged, part, budget) : padded(padded, part);
            double second = raggedFirst ? padded(padded, part) : ragged(ragged, part, budget);
            double raggedTime = raggedFirst ? first : second;
            double paddedTime = raggedFirst ? second : first;
            ratios.add(paddedTime / raggedTime);
            raggedSeconds += raggedTime;
            paddedSeconds += paddedTime;
            tokens += part.stream().mapToInt(Query::length).sum();
        }
        double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf(Locale.ROOT, "ragged %.0f, padded %.0f real tokens a second of computing time%n",
                tokens / raggedSeconds, tokens / paddedSeconds);
        System.out.printf(Locale.ROOT, "ragged is %.2f times as fast: median of %d pairs (smallest %.2f, largest %.2f)%n",
                Machine.median(sorted), sorted.length, sorted[0], sorted[sorted.length - 1]);
    }

    private static double ragged(OnnxTagger tagger, List<Query> queries, int budget) throws TaggerException {
        double start = Machine.computed();
        for (List<Query> batch : Batches.of(queries, WINDOW, budget)) {
            tagger.logits(batch);
        }
        return Machine.computed() - start;
    }

    private static double padded(PaddedTagger tagger, List<Query> queries) throws OrtException {
        double start = Machine.computed();
        for (int i = 0; i < queries.size(); i += PADDED_BATCH) {
            tagger.logits(queries.subList(i, i + PADDED_BATCH));
        }
        return Machine.computed() - start;
    }

    private static void compare(Checkpoint checkpoint, OnnxTagger ragged, PaddedTagger padded, List<Query> queries)
            throws TaggerException, OrtException {
        List<String> labels = checkpoint.config().labels();
        int[] order = {labels.indexOf("B"), labels.indexOf("I"), labels.indexOf("O")};
        double largest = 0;
        for (int i = 0; i < queries.size(); i += PADDED_BATCH) {
            List<Query> batch = queries.subList(i, i + PADDED_BATCH);
            float[][] one = ragged.logits(batch);
            float[][] other = padded.logits(batch);
            for (int word = 0; word < one.length; word++) {
                for (int tag = 0; tag < 3; tag++) {
                    largest = Math.max(largest, Math.abs(one[word][tag] - other[word][order[tag]]));
                }
            }
        }
        System.out.printf(Locale.ROOT, "largest difference of their logits: %.1e%n", largest);
    }
}
