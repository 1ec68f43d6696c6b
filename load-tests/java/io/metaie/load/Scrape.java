package io.metaie.load;

import io.metaie.testing.Control;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What {@code /q/metrics} costs a Prometheus, and how many series it holds, without tasks, with some and with a thousand:
 * scraped again and again, beside documents of all of these tasks in turn.
 *
 * <p>{@code load-tests/run Scrape [SCRAPES] [DOCUMENTS A SECOND] [TASKS…]}
 */
public final class Scrape {

    private static final int LABELS = 4;
    private static final double BETWEEN_SECONDS = 0.25;

    private final Target target;
    private final URI service;
    private final int scrapes;
    private final double rate;

    private Scrape(Target target, int scrapes, double rate) {
        this.target = target;
        this.service = target.http().orElseThrow();
        this.scrapes = scrapes;
        this.rate = rate;
    }

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int scrapes = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 50;
        List<Integer> counts = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            counts.add(Integer.valueOf(args[i]));
        }
        try (Target target = Target.own(Map.of())) {
            Scrape scrape = new Scrape(target, scrapes, rate);
            System.out.printf(Locale.ROOT, "%d scrapes, %.0f one-sentence documents a second with 4 labels beside them%n%n", scrapes, rate);
            System.out.println("| tasks | series | of the service's own | bytes | first ms | p50 ms | p99 ms | max ms |");
            System.out.println("| --- |" + " --- |".repeat(7));
            for (int count : counts.isEmpty() ? List.of(0, 100, 1_000) : counts) {
                scrape.with(count);
            }
        }
    }

    private void with(int count) throws Exception {
        List<String> names = Tasks.names(count);
        Documents documents = count == 0 ? Documents.labelled(1, LABELS) : Documents.ofTasks(names, LABELS);
        Control control = target.control();
        try (Tasks tasks = Tasks.define(control, names, LABELS)) {
            double seconds = scrapes * BETWEEN_SECONDS + 5;
            CompletableFuture<OpenLoop.Result> load = CompletableFuture.supplyAsync(() -> {
                try {
                    return new OpenLoop(target.clients(), target.topics())
                            .run(Arrivals.constant(rate, seconds), documents, latency -> {});
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
            double first = scrape(histogram);
            for (int i = 1; i < scrapes; i++) {
                TimeUnit.MILLISECONDS.sleep((long) (BETWEEN_SECONDS * 1_000));
                scrape(histogram);
            }
            String text = ServiceMetrics.text(service);
            System.out.printf(Locale.ROOT, "| %,d | %,d | %,d | %,d | %.1f | %.1f | %.1f | %.1f |%n", count, series(text, ""),
                    series(text, "metaie_"), text.length(), first, histogram.getValueAtPercentile(50) / 1e6,
                    histogram.getValueAtPercentile(99) / 1e6, histogram.getMaxValue() / 1e6);
            if (load.get().unanswered() > 0) {
                throw new IllegalStateException("documents were not answered: " + load.get());
            }
        }
    }

    /** Milliseconds. */
    private double scrape(Histogram histogram) throws Exception {
        long start = System.nanoTime();
        ServiceMetrics.text(service);
        long took = System.nanoTime() - start;
        histogram.recordValue(took);
        return took / 1e6;
    }

    private static long series(String text, String prefix) {
        return text.lines().filter(line -> !line.startsWith("#") && line.startsWith(prefix)).count();
    }
}
