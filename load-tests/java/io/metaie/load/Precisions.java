package io.metaie.load;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.tagging.Query;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The whole service in 8-bit integers against the same in 32-bit floats, from Kafka to Kafka: two services, each with a
 * broker of its own, drain the same one-sentence documents with four labels by turns; the one whose turn it is not has
 * nothing to do. Beside them, in every round, what the machine's cores give in the multiplication of matrices of floats,
 * and what share of it the linear layers of the service's queries are.
 *
 * <p>{@code load-tests/run Precisions [PAIRS] [DOCUMENTS] [WARM-UP ROUNDS]}
 */
public final class Precisions {

    private static final List<String> LABELS = Documents.labels(4);
    /** The service's batches. */
    private static final int WINDOW = 256;
    private static final int TOKENS = 256;

    private Precisions() {}

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 3_000;
        int warm = args.length > 2 ? Integer.parseInt(args[2]) : 4;
        List<String> documents = Texts.documents(count, LABELS);
        double work = work(count);
        System.out.printf(Locale.ROOT, "%d one-sentence documents, labels %s; %.0f GFLOP of linear layers%n%n", count, LABELS,
                work / 1e9);
        try (Service floats = Service.start(Map.of("metaie.precision", "fp32"));
                Service integers = Service.start(Map.of("metaie.precision", "int8"));
                GemmPeak gemm = new GemmPeak()) {
            for (int round = 0; round < warm; round++) {
                Throughput.drain(floats, documents);
                Throughput.drain(integers, documents);
            }
            measure(floats, integers, gemm, documents, work, pairs);
        }
    }

    private static void measure(Service floats, Service integers, GemmPeak gemm, List<String> documents, double work,
            int pairs) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        List<Double> ratios = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        System.out.println("| pair | fp32, documents/s | int8, documents/s | ratio | GEMM peak of all cores, GFLOP/s"
                + " | share of it, fp32 | int8 |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
        for (int pair = 1; pair <= pairs; pair++) {
            boolean floatsFirst = pair % 2 == 1;
            double peak = gemm.wall(cores);
            double first = Throughput.drain(floatsFirst ? floats : integers, documents);
            double second = Throughput.drain(floatsFirst ? integers : floats, documents);
            double float32 = floatsFirst ? first : second;
            double int8 = floatsFirst ? second : first;
            double each = work / documents.size();
            ratios.add(int8 / float32);
            shares.add(float32 * each / peak);
            System.out.printf(Locale.ROOT, "| %d | %.1f | %.1f | %.3f | %.0f | %.0f %% | %.0f %% |%n", pair, float32, int8,
                    int8 / float32, peak / 1e9, 100 * float32 * each / peak, 100 * int8 * each / peak);
        }
        System.out.printf(Locale.ROOT, "%nmedian of %d pairs: int8 / fp32 %.3f; share of the GEMM peak in fp32 %.0f %%%n", pairs,
                Throughput.median(ratios), 100 * Throughput.median(shares));
    }

    /** What the linear layers of all documents' queries take. */
    private static double work(int documents) throws Exception {
        Checkpoint checkpoint = Checkpoint.open(Path.of("models", "metaie-mini"));
        LinearWork work = new LinearWork(checkpoint.config());
        try (Vocabulary vocabulary = Vocabulary.open(checkpoint)) {
            List<Query> queries = Corpus.queries(vocabulary, documents * LABELS.size());
            return Batches.of(queries, WINDOW, TOKENS).stream().mapToDouble(work::of).sum();
        }
    }
}
