package io.metaie.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The whole service through Kafka against the bare engine, on the same one-sentence documents with four labels, in
 * interleaved pairs; then the service's latency at a constant rate of 70 % of what it drained. Both run for minutes before:
 * broker and service share the processor with the JVM's compiler until then, and the bare engine has hardly anything to
 * compile.
 *
 * <p>{@code load-tests/run Throughput [PAIRS] [DOCUMENTS] [LATENCY-SECONDS] [WARM-UP ROUNDS]}
 */
public final class Throughput {

    private static final List<String> LABELS = Documents.labels(4);

    private Throughput() {}

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 4_000;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        int warm = args.length > 3 ? Integer.parseInt(args[3]) : 5;
        List<String> documents = Texts.documents(count, LABELS);
        try (WholeEngine engine = new WholeEngine(); Service service = Service.start()) {
            System.out.printf("%d one-sentence documents, labels %s, %d pairs%n%n", count, LABELS, pairs);
            for (int round = 0; round < warm; round++) {
                drain(service, documents);
            }
            engine.run(documents);
            List<Double> ratios = new ArrayList<>();
            List<Double> computed = new ArrayList<>();
            List<Double> rates = new ArrayList<>();
            ProcessFigures ours = new ProcessFigures(ProcessHandle.current().pid());
            ProcessFigures theirs = new ProcessFigures(service.pid());
            System.out.println("| pair | bare engine, documents/s | service, documents/s | ratio | CPU ms a document, bare engine"
                    + " | service | ratio | broker and load | queries/s | tokens/s | batch fill |");
            System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
            for (int pair = 1; pair <= pairs; pair++) {
                double start = ours.cpuSeconds();
                double bare = engine.run(documents);
                double between = ours.cpuSeconds();
                double used = theirs.cpuSeconds();
                Map<String, Double> before = service.metrics();
                double rate = drain(service, documents);
                Map<String, Double> after = service.metrics();
                double elapsed = count / rate;
                ratios.add(rate / bare);
                rates.add(rate);
                double alone = (between - start) * 1_000 / count;
                double whole = (theirs.cpuSeconds() - used) * 1_000 / count;
                computed.add(alone / whole);
                System.out.printf(Locale.ROOT, "| %d | %.1f | %.1f | %.3f | %.2f | %.2f | %.3f | %.2f | %.0f | %.0f | %.2f |%n", pair,
                        bare, rate, rate / bare, alone, whole, alone / whole, (ours.cpuSeconds() - between) * 1_000 / count,
                        difference(before, after, "metaie_queries_total") / elapsed,
                        difference(before, after, "metaie_tokens_total{kind=\"real\"}") / elapsed,
                        difference(before, after, "metaie_batch_fill_sum") / difference(before, after, "metaie_batch_fill_count"));
            }
            System.out.printf(Locale.ROOT, "%nservice / bare engine, median of %d pairs: %.3f; by processor time, so without broker"
                    + " and load: %.3f%n%n", pairs, median(ratios), median(computed));
            latency(service, documents, 0.7 * median(rates), seconds);
        }
    }

    /** Publishes the documents while the service is frozen, then lets it drain them. */
    static double drain(Service service, List<String> documents) {
        service.freeze(true);
        documents.forEach(document -> service.send(document, System.currentTimeMillis()));
        service.flush();
        service.freeze(false);
        long start = System.nanoTime();
        long[] last = {start};
        int[] left = {documents.size()};
        service.follow((id, nanos) -> {
            last[0] = nanos;
            return --left[0] > 0;
        });
        return documents.size() / ((last[0] - start) / 1e9);
    }

    /** Open loop: a document is due at its time whatever became of those before, and its latency counts from then. */
    private static void latency(Service service, List<String> documents, double rate, int seconds) throws InterruptedException {
        int count = (int) (rate * seconds);
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        Thread sender = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                long due = start + (long) (i * 1e9 / rate);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                // The document's place in the run is its id.
                service.send(documents.get(i % documents.size()).replaceFirst("\"id\":\"\\d+\"", "\"id\":\"" + i + "\""),
                        System.currentTimeMillis());
            }
        }, "sender");
        sender.start();
        Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
        int[] left = {count};
        service.follow((id, nanos) -> {
            long due = start + (long) (Integer.parseInt(id) * 1e9 / rate);
            histogram.recordValue(Math.max(0, nanos - due));
            return --left[0] > 0;
        });
        sender.join();
        System.out.printf(Locale.ROOT, "latency at %.1f documents/s (70 %%) for %d s, due time to committed and read, ms: "
                + "p50 %.0f, p95 %.0f, p99 %.0f, max %.0f%n", rate, seconds,
                histogram.getValueAtPercentile(50) / 1e6, histogram.getValueAtPercentile(95) / 1e6,
                histogram.getValueAtPercentile(99) / 1e6, histogram.getMaxValue() / 1e6);
    }

    private static double difference(Map<String, Double> before, Map<String, Double> after, String name) {
        return after.getOrDefault(name, 0.0) - before.getOrDefault(name, 0.0);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
