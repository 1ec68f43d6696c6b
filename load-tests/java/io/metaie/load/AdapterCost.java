package io.metaie.load;

import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.onnx.Device;
import io.metaie.onnx.OnnxTagger;
import io.metaie.onnx.PlainGraph;
import io.metaie.onnx.Precision;
import io.metaie.onnx.Taggers;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Query;
import io.metaie.tagging.TaggerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What it costs that one session serves every adapter. First the time: the same batches by the graph that takes no
 * adapters, by the one that does without any, and with adapters of several ranks, on one thread whose computing time is
 * what counts; interleaved, and the figures are medians of the rounds' ratios. Then the memory: adapters come and go, each
 * answering a batch, and the resident set is read on the way.
 *
 * <p>Arguments: {@code [model directory] [rounds] [swaps]}.
 */
public final class AdapterCost {

    private static final int WINDOW = 64;
    private static final int BUDGET = 512;
    private static final int[] RANKS = {0, 4, 8, 16, 32};
    private static final long ADAPTER_BYTES = 1L << 30;

    private AdapterCost() {}

    public static void main(String... arguments) throws Exception {
        Checkpoint checkpoint = Checkpoint.open(Path.of(arguments.length > 0 ? arguments[0] : "models/metaie-mini"));
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 24;
        int swaps = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000;
        System.out.println(Machine.describe());
        try (Vocabulary vocabulary = Vocabulary.open(checkpoint);
                OnnxTagger tagger = Taggers.open(checkpoint, new Device.Cpu(), Precision.FP32, ADAPTER_BYTES)) {
            List<List<Query>> batches = Batches.of(Corpus.queries(vocabulary, WINDOW), WINDOW, BUDGET);
            System.out.printf(Locale.ROOT, "Model %s, fp32, one thread; %d batches of up to %d tokens a round%n",
                    checkpoint.id(), batches.size(), BUDGET);
            time(checkpoint, tagger, batches, rounds);
            memory(checkpoint, tagger, batches, swaps);
        }
    }

    private static Adapter named(int rank) {
        return rank == 0 ? Adapter.NONE : new Adapter("rank", rank);
    }

    private static void time(Checkpoint checkpoint, OnnxTagger tagger, List<List<Query>> batches, int rounds)
            throws Exception {
        for (int rank : RANKS) {
            if (rank > 0) {
                tagger.adapters().register(named(rank), TestAdapters.random(checkpoint, rank, rank));
            }
        }
        double[][] ratios = new double[RANKS.length][rounds];
        try (PlainGraph plain = new PlainGraph(checkpoint)) {
            for (int round = -1; round < rounds; round++) { // the first warms up
                double base = plain(plain, batches);
                for (int i = 0; i < RANKS.length; i++) {
                    double seconds = adapted(tagger, named(RANKS[i]), batches);
                    if (round >= 0) {
                        ratios[i][round] = seconds / base;
                    }
                }
            }
        }
        for (int i = 0; i < RANKS.length; i++) {
            System.out.printf(Locale.ROOT, "rank %d: %.3f times the graph without adapters, median of %d rounds%n",
                    RANKS[i], Machine.median(ratios[i]), rounds);
        }
    }

    private static double plain(PlainGraph graph, List<List<Query>> batches) throws OrtException {
        double start = Machine.computed();
        for (List<Query> batch : batches) {
            graph.logits(batch);
        }
        return Machine.computed() - start;
    }

    private static double adapted(OnnxTagger tagger, Adapter adapter, List<List<Query>> batches) throws TaggerException {
        double start = Machine.computed();
        for (List<Query> batch : batches) {
            tagger.logits(adapter, batch);
        }
        return Machine.computed() - start;
    }

    private static void memory(Checkpoint checkpoint, OnnxTagger tagger, List<List<Query>> batches, int swaps)
            throws Exception {
        AdapterFile[] files = {TestAdapters.random(checkpoint, 8, 1), TestAdapters.random(checkpoint, 8, 2)};
        double seconds = 0;
        for (int version = 1; version <= swaps; version++) {
            double start = Machine.computed();
            tagger.adapters().register(new Adapter("swap", version), files[version % 2]);
            seconds += Machine.computed() - start;
            tagger.adapters().evict(new Adapter("swap", version - 1));
            tagger.logits(new Adapter("swap", version), batches.get(version % batches.size()).subList(0, 1));
            if (version % Math.max(1, swaps / 5) == 0) {
                System.out.printf(Locale.ROOT, "after %d swaps: resident %d MB, adapters %.1f MB%n",
                        version, resident() >> 10, tagger.adapters().bytes() / 1e6);
            }
        }
        System.out.printf(Locale.ROOT, "loading an adapter of rank 8 (%.2f MB) takes %.1f ms%n",
                files[0].bytes().length / 1e6, 1e3 * seconds / swaps);
    }

    /** The resident set of this process in KiB, 0 where the system does not say. */
    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
