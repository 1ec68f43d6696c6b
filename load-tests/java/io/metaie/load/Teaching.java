package io.metaie.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Distillation as a stream: how near it comes to what a teacher of 200 ms allows with 32 calls at once (160 a second), and
 * what extraction beside it loses, in interleaved windows. The teacher is a server in this process, which answers each
 * question 200 ms after it has come. Every request is one sentence that was not asked before.
 *
 * <p>{@code load-tests/run Teaching [REQUESTS] [PAIRS] [DOCUMENTS]}
 */
public final class Teaching {

    private static final List<String> LABELS = Documents.labels(4);
    private static final int LATENCY_MILLIS = 200;
    private static final int CONCURRENCY = 32;
    private static final double IDEAL = CONCURRENCY * 1_000.0 / LATENCY_MILLIS;
    private static final String REQUESTS = "metaie.distillation.requests";
    private static final String EXAMPLES = "metaie.distillation.examples";

    private final Service service;
    private final FakeTeacher teacher;
    private int requested;

    private Teaching(Service service, FakeTeacher teacher) {
        this.service = service;
        this.teacher = teacher;
    }

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int requests = args.length > 0 ? Integer.parseInt(args[0]) : 4_000;
        int pairs = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        int documents = args.length > 2 ? Integer.parseInt(args[2]) : 1_500;
        try (FakeTeacher teacher = FakeTeacher.start(LATENCY_MILLIS); Service service = Service.start(teacher.settings(CONCURRENCY))) {
            Teaching run = new Teaching(service, teacher);
            run.teach(requests / 4);
            double rate = run.teach(requests);
            System.out.printf(Locale.ROOT, "%nalone: %d requests of one sentence, %d ms a call, %d calls at once: %.1f examples/s"
                            + " committed, %.1f %% of the ideal %.0f; %d calls in all, at most %d at once%n%n",
                    requests, LATENCY_MILLIS, CONCURRENCY, rate, 100 * rate / IDEAL, IDEAL, teacher.calls(), teacher.most());
            run.beside(pairs, documents);
        }
    }

    /** Publishes new requests and waits for their examples; the rate from the first example to the last. */
    private double teach(int requests) {
        AtomicLong first = new AtomicLong();
        long[] last = new long[1];
        int[] left = {requests};
        send(requests);
        service.follow(EXAMPLES, (id, nanos) -> {
            first.compareAndSet(0, nanos);
            last[0] = nanos;
            return --left[0] > 0;
        });
        // The first and last transactions hold some each: what came with the first is not of this time.
        return requests * 1e9 / (last[0] - first.get() + TimeUnit.MILLISECONDS.toNanos(LATENCY_MILLIS));
    }

    private void send(int requests) {
        IntStream.range(0, requests).forEach(i -> service.send(REQUESTS, "The sentence of number " + requested++ + "."));
        service.flush();
    }

    private void beside(int pairs, int count) throws Exception {
        List<String> documents = new ArrayList<>(count);
        for (String sentence : Texts.sentences(count)) {
            documents.add(Texts.document(documents.size(), sentence, LABELS));
        }
        double warm = drain(documents).rate();
        System.out.println("| pair | documents/s | with distillation | ratio | CPU ms a document | with distillation | calls/s beside |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
        List<Double> ratios = new ArrayList<>();
        List<Double> alone = new ArrayList<>();
        List<Double> together = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            Window without = drain(documents);
            int requests = (int) (1.3 * IDEAL * count / warm);
            int before = teacher.calls();
            send(requests);
            while (teacher.calls() < before + CONCURRENCY) {
                Thread.sleep(10);
            }
            int begun = teacher.calls();
            Window with = drain(documents);
            int beside = teacher.calls() - begun;
            int[] left = {requests};
            service.follow(EXAMPLES, (id, nanos) -> --left[0] > 0);
            ratios.add(with.rate() / without.rate());
            alone.add(without.cpuMillis());
            together.add(with.cpuMillis());
            System.out.printf(Locale.ROOT, "| %d | %.1f | %.1f | %.3f | %.2f | %.2f | %.1f |%n", pair, without.rate(), with.rate(),
                    with.rate() / without.rate(), without.cpuMillis(), with.cpuMillis(), beside / (count / with.rate()));
        }
        System.out.printf(Locale.ROOT, "%nwith distillation / without, median of %d pairs: %.3f of the documents a second; CPU seconds a"
                        + " document, the service's: %.5f without, %.5f with (what distillation itself takes included)%n", pairs,
                Throughput.median(ratios), Throughput.median(alone) / 1e3, Throughput.median(together) / 1e3);
    }

    /** Documents a second, and what the service took of the processors for each. */
    private record Window(double rate, double cpuMillis) {}

    private Window drain(List<String> documents) {
        Duration cpu = cpu();
        long start = System.nanoTime();
        documents.forEach(document -> service.send(document, System.currentTimeMillis()));
        service.flush();
        long[] last = {start};
        int[] left = {documents.size()};
        service.follow((id, nanos) -> {
            last[0] = nanos;
            return --left[0] > 0;
        });
        return new Window(documents.size() * 1e9 / (last[0] - start), (cpu().toNanos() - cpu.toNanos()) / 1e6 / documents.size());
    }

    private Duration cpu() {
        return ProcessHandle.of(service.pid()).flatMap(process -> process.info().totalCpuDuration()).orElseThrow();
    }
}
