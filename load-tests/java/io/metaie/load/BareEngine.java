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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The tagger by itself, without batcher, documents and Kafka: tokens and queries a second on one thread, two, … up to
 * the cores, and the share of what the machine's matrix multiplication gives at the same moment that goes into the
 * linear layers. Every round measures both, for each number of threads; the figures are medians of the rounds.
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
                Tagger tagger = Taggers.open(checkpoint, new Device.Cpu(), Precision.FP32);
                GemmPeak peak = new GemmPeak()) {
            List<Query> queries = Corpus.queries(vocabulary, QUERIES);
            System.out.println(Machine.describe());
            System.out.printf("Model %s, %s, %s; %s, %d queries of %.1f tokens; windows of %d, budget of %d tokens;"
                            + " %d rounds%n",
                    checkpoint.id(), tagger.device(), tagger.precision(), Corpus.FILE, queries.size(),
                    queries.stream().mapToInt(Query::length).average().orElseThrow(), WINDOW, budget, rounds);
            new BareEngine(checkpoint.config(), tagger, peak, Batches.of(queries, WINDOW, budget)).measure(rounds);
        }
    }

    private void measure(int rounds) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        run(cores); // warms up
        double[][] seconds = new double[cores][rounds];
        double[][] flops = new double[cores][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int threads = 1; threads <= cores; threads++) {
                flops[threads - 1][round] = peak.flops(threads);
                seconds[threads - 1][round] = run(threads);
            }
        }
        long queries = batches.stream().mapToLong(List::size).sum();
        long tokens = batches.stream().flatMap(List::stream).mapToLong(Query::length).sum();
        double work = batches.stream().flatMap(List::stream).mapToDouble(this::linearFlops).sum();
        for (int i = 0; i < cores; i++) {
            double[] shares = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                shares[round] = work / seconds[i][round] / flops[i][round];
            }
            double time = Machine.median(seconds[i]);
            System.out.printf("%d thread%s: %.0f tokens/s, %.1f queries/s; linear layers %.0f GFLOP/s, %.0f %% of the GEMM"
                            + " peak of %.0f GFLOP/s%n",
                    i + 1, i == 0 ? "" : "s", tokens / time, queries / time, work / time / 1e9,
                    100 * Machine.median(shares), Machine.median(flops[i]) / 1e9);
        }
    }

    /** All batches once, shared among threads; in seconds. */
    private double run(int threads) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> worker = () -> {
            for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
                tagger.prepare(Adapter.NONE, batches.get(i)).run();
            }
            return null;
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            long start = System.nanoTime();
            List<Callable<Void>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(worker);
            }
            for (Future<Void> done : pool.invokeAll(workers)) {
                done.get();
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            pool.shutdown();
        }
    }

    /** What the linear layers of a query take, a multiplication and an addition counted as two. */
    private double linearFlops(Query query) {
        double hidden = config.hidden();
        double projections = 3 * hidden * hidden;
        double rest = hidden * hidden + 2 * hidden * config.intermediate();
        double full = (config.layers() - 1) * (projections + rest) + projections;
        return 2 * (query.length() * full + query.firsts().length * (rest + 3 * hidden));
    }
}
