package io.metaie.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * How long somebody waits who asks over HTTP about one sentence with four labels: when nothing else is asked, and beside
 * a stream that has always more documents than the service can answer. Open loop: a request counts from when it was due.
 *
 * <p>{@code load-tests/run Interactive [SECONDS] [REQUESTS A SECOND] [WARM-UP SECONDS]}
 */
public final class Interactive {

    private static final List<String> LABELS = Documents.labels(4);
    /** Documents that wait, at least. */
    private static final int BACKLOG = 1_000;

    private final Service service;
    private final List<String> documents;
    private final AtomicInteger answered = new AtomicInteger();

    private Interactive(Service service, List<String> documents) {
        this.service = service;
        this.documents = documents;
    }

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 5;
        int warm = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        List<String> documents = Texts.documents(2_000, LABELS);
        System.out.printf(Locale.ROOT, "one sentence and labels %s a request, %.1f requests a second for %d s%n%n",
                LABELS, rate, seconds);
        System.out.println("| beside it | requests | p50 ms | p95 ms | p99 ms | max ms | stream, documents/s | queries a batch |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
        try (Service service = Service.start()) {
            Interactive interactive = new Interactive(service, documents);
            interactive.requests(5, rate, new Histogram(TimeUnit.MINUTES.toNanos(1), 3));
            interactive.measure("nothing", seconds, rate);
            interactive.besideAStream(warm, seconds, rate);
        }
    }

    private void besideAStream(int warm, int seconds, double rate) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Thread stream = new Thread(() -> keepBusy(stop), "stream");
        stream.start();
        // Until the lanes are full and the code is compiled: two virtual machines' compilers take their time off the same cores.
        requests(warm, rate, new Histogram(TimeUnit.MINUTES.toNanos(10), 3));
        measure("a saturated stream", seconds, rate);
        stop.set(true);
        stream.join();
    }

    /** One thread sends and reads, since the clients are one thread's. */
    private void keepBusy(AtomicBoolean stop) {
        int[] sent = {0};
        more(sent, 2 * BACKLOG);
        service.follow((id, nanos) -> {
            if (sent[0] - answered.incrementAndGet() < BACKLOG && !stop.get()) {
                more(sent, BACKLOG);
            }
            return !stop.get();
        });
    }

    private void more(int[] sent, int count) {
        for (int i = 0; i < count; i++) {
            service.send(documents.get(sent[0]++ % documents.size()), System.currentTimeMillis());
        }
        service.flush();
    }

    private void measure(String beside, int seconds, double rate) throws Exception {
        Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
        int before = answered.get();
        Map<String, Double> metrics = service.metrics();
        int requests = requests(seconds, rate, histogram);
        Map<String, Double> after = service.metrics();
        double batches = after.getOrDefault("metaie_batch_size_count", 0.0) - metrics.getOrDefault("metaie_batch_size_count", 0.0);
        double queries = after.getOrDefault("metaie_batch_size_sum", 0.0) - metrics.getOrDefault("metaie_batch_size_sum", 0.0);
        System.out.printf(Locale.ROOT, "| %s | %d | %.0f | %.0f | %.0f | %.0f | %.1f | %.1f |%n", beside, requests,
                histogram.getValueAtPercentile(50) / 1e6, histogram.getValueAtPercentile(95) / 1e6,
                histogram.getValueAtPercentile(99) / 1e6, histogram.getMaxValue() / 1e6,
                (answered.get() - before) / (double) seconds, queries / batches);
    }

    private int requests(int seconds, double rate, Histogram histogram) {
        int count = (int) (seconds * rate);
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + (long) (i * 1e9 / rate);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            answers.add(service.extract(documents.get(i % documents.size())).thenAccept(status -> {
                if (status != 200) {
                    throw new IllegalStateException("status " + status);
                }
                synchronized (histogram) {
                    histogram.recordValue(System.nanoTime() - due);
                }
            }));
        }
        answers.forEach(CompletableFuture::join);
        return count;
    }
}
