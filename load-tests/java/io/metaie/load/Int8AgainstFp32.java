package io.metaie.load;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.onnx.Device;
import io.metaie.onnx.OnnxTagger;
import io.metaie.onnx.Precision;
import io.metaie.onnx.Taggers;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Query;
import io.metaie.tagging.TaggerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How much faster the tagger is in 8-bit integers than in 32-bit floats: the same batches by both, on one thread whose
 * computing time is what counts, without an adapter and with adapters of several ranks. Pairs, interleaved; the order
 * within a pair alternates; the figures are medians of the pairs' ratios.
 *
 * <p>Arguments: {@code [model directory] [pairs] [token budget]}.
 */
public final class Int8AgainstFp32 {

    private static final int WINDOW = 256;
    private static final int[] RANKS = {0, 8, 32};
    private static final long ADAPTER_BYTES = 1L << 30;

    private Int8AgainstFp32() {}

    public static void main(String... arguments) throws Exception {
        Checkpoint checkpoint = Checkpoint.open(Path.of(arguments.length > 0 ? arguments[0] : "models/metaie-mini"));
        int pairs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 24;
        int budget = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 512;
        try (Vocabulary vocabulary = Vocabulary.open(checkpoint);
                OnnxTagger floats = Taggers.open(checkpoint, new Device.Cpu(), Precision.FP32, ADAPTER_BYTES);
                OnnxTagger integers = Taggers.open(checkpoint, new Device.Cpu(), Precision.INT8, ADAPTER_BYTES)) {
            List<Query> queries = Corpus.queries(vocabulary, WINDOW);
            List<List<Query>> batches = Batches.of(queries, WINDOW, budget);
            long tokens = queries.stream().mapToLong(Query::length).sum();
            System.out.println(Machine.describe());
            System.out.printf(Locale.ROOT, "Model %s, one thread; %d queries of %.1f tokens, four labels a sentence, in %d"
                            + " batches of up to %d tokens%n",
                    checkpoint.id(), queries.size(), (double) tokens / queries.size(), batches.size(), budget);
            for (int rank : RANKS) {
                if (rank > 0) {
                    floats.adapters().register(named(rank), TestAdapters.random(checkpoint, rank, rank));
                    integers.adapters().register(named(rank), TestAdapters.random(checkpoint, rank, rank));
                }
                measure(floats, integers, named(rank), batches, tokens, pairs);
            }
        }
    }

    private static Adapter named(int rank) {
        return rank == 0 ? Adapter.NONE : new Adapter("rank", rank);
    }

    private static void measure(OnnxTagger floats, OnnxTagger integers, Adapter adapter, List<List<Query>> batches,
            long tokens, int pairs) throws TaggerException {
        double[] ratios = new double[pairs];
        double[] float32 = new double[pairs];
        double[] int8 = new double[pairs];
        for (int pair = -1; pair < pairs; pair++) { // the first warms up
            boolean floatsFirst = pair % 2 == 0;
            double first = seconds(floatsFirst ? floats : integers, adapter, batches);
            double second = seconds(floatsFirst ? integers : floats, adapter, batches);
            if (pair >= 0) {
                float32[pair] = floatsFirst ? first : second;
                int8[pair] = floatsFirst ? second : first;
                ratios[pair] = float32[pair] / int8[pair];
            }
        }
        System.out.printf(Locale.ROOT, "%s: int8 %.0f, fp32 %.0f tokens a second of computing time; int8 is %.2f times as fast,"
                        + " median of %d pairs%n",
                adapter.equals(Adapter.NONE) ? "no adapter" : "rank " + adapter.version(),
                tokens / Machine.median(int8), tokens / Machine.median(float32), Machine.median(ratios), pairs);
    }

    private static double seconds(OnnxTagger tagger, Adapter adapter, List<List<Query>> batches) throws TaggerException {
        double start = Machine.computed();
        for (List<Query> batch : batches) {
            tagger.logits(adapter, batch);
        }
        return Machine.computed() - start;
    }
}
