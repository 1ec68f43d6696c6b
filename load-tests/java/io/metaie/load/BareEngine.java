package io.metaie.load;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.onnx.Device;
import io.metaie.onnx.Precision;
import io.metaie.onnx.Taggers;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.Query;
import io.metaie.tagging.Tagger;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The tagger by itself, without batcher, documents and Kafka: tokens and queries a second on one thread, two, … up to
 * the cores, and how near its linear layers come to what matrix multiplication gives here. Every round measures both,
 * for each number of threads; the figures are medians of the rounds. Rates are by the clock; the share is by computing
 * time, so that neighbours on the machine do not count.
 *
 * <p>Arguments: {@code [model directory] [rounds] [token budget]}.
 */
public final class BareEngine {

    private static final int WINDOW = 256;
    private static final int QUERIES = 1024;

    private final RobertaConfig config;
    private final Tagger tagger;
    private final GemmPeak peak;
    private final List<List<Query>> batches;

    private BareEngine(RobertaConfig config, Tagger tagger, GemmPeak peak, List<List<Query>> batches) {
        this.config = config;
        this.tagger = tagger;
        this.peak = peak;
        this.batches = batches;
    }

    public static void main(String... arguments) throws Exception {
        Path model = Path.of(arguments.length > 0 ? arguments[0] : "models/metaie-mini");
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        int budget = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 512;
        Checkpoint checkpoint = Checkpoint.open(model);
        try (Vocabulary vocabulary = Vocabulary.open(checkpoint);
                Tagger tagger = Taggers.open(checkpoint, new Device.Cpu(), Precision.FP32, 0);
                GemmPeak peak = new GemmPeak()) {
            List<Query> queries = Corpus.queries(vocabulary, QUERIES);
            System.out.println(Machine.describe());
            System.out.printf(Locale.ROOT,
                    "Model %s, %s, %s; %d queries of %.1f tokens, four labels a sentence; windows of %d, budget of %d"
                            + " tokens; %d rounds%n",
                    checkpoint.id(), tagger.device(), tagger.precision(), queries.size(),
                    queries.stream().mapToInt(Query::length).average().orElseThrow(), WINDOW, budget, rounds);
            new BareEngine(checkpoint.config(), tagger, peak, Batches.of(queries, WINDOW, budget)).measure(rounds);
        }
    }

    private void measure(int rounds) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        run(cores); // warms up
        double[][] seconds = new double[cores][rounds];
        double[][] shares = new double[cores][rounds];
        double[][] peaks = new double[cores][rounds];
        double work = batches.stream().mapToDouble(new LinearWork(config)::of).sum();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < cores; i++) {
                peaks[i][round] = peak.flops(i + 1);
                TimedRun run = run(i + 1);
                seconds[i][round] = run.seconds();
                shares[i][round] = work / run.computed() / peaks[i][round];
            }
        }
        long queries = batches.stream().mapToLong(List::size).sum();
        long tokens = batches.stream().flatMap(List::stream).mapToLong(Query::length).sum();
        for (int i = 0; i < cores; i++) {
            double time = Machine.median(seconds[i]);
            System.out.printf(Locale.ROOT,
                    "%d thread%s: %.0f tokens/s, %.1f queries/s; linear layers alone are %.0f %% of the GEMM peak of"
                            + " %.0f GFLOP/s a thread%n",
                    i + 1, i == 0 ? "" : "s", tokens / time, queries / time, 100 * Machine.median(shares[i]),
                    Machine.median(peaks[i]) / 1e9);
        }
    }

    /** Runs all batches once, shared among threads. */
    private TimedRun run(int threads) throws Exception {
        AtomicInteger next = new AtomicInteger();
        return TimedRun.of(threads, () -> {
            for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
                tagger.prepare(Adapter.NONE, batches.get(i)).run();
            }
        });
    }
}
