package io.metaie.load;

import io.metaie.load.OpenLoop.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Whether memory, file handles and threads stay where they are: one-sentence documents with four labels at a constant
 * rate, one in a hundred of them without labels and so a dead letter; and beside them {@link Visitors}, who come and go.
 * Minute by minute, and in the end what the last minutes hold more than the first.
 *
 * <p>{@code load-tests/run Soak [MINUTES] [DOCUMENTS A SECOND]}
 */
public final class Soak {

    private static final int LABELS = 4;
    private static final int WITHOUT_LABELS = 100;
    /** Minutes until what is made once is made: pools, compiled code, caches. */
    private static final int SETTLING = 3;

    private final List<Minute> minutes = new ArrayList<>();

    private Soak() {}

    /** What the service held at the end of a minute. */
    private record Minute(double resident, double heap, int handles, int threads) {}

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int minutes = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 60;
        new Soak().run(minutes, rate);
    }

    private void run(int count, double rate) throws Exception {
        Documents labelled = Documents.labelled(1, LABELS);
        Documents documents = new Documents(1, LABELS, (id, i) ->
                i % WITHOUT_LABELS == 0 ? Texts.document(id, "Nobody asks.", List.of()) : labelled.form().json(id, i));
        try (Target target = Target.own(Map.of()); Visitors visitors = Visitors.of(target)) {
            System.out.printf(Locale.ROOT, "%.0f documents a second for %d minutes, open loop; beside them %s%n%n", rate, count,
                    Visitors.SAYS);
            System.out.println("| minute | answers | p50 ms | p99 ms | max ms | resident, MB | heap after collection, MB |"
                    + " file handles | threads | load |");
            System.out.println("| --- |" + " --- |".repeat(9));
            Recorder recorder = new Recorder(TimeUnit.MINUTES.toNanos(30), 3);
            AtomicInteger answers = new AtomicInteger();
            CompletableFuture<Result> loop = CompletableFuture.supplyAsync(() -> {
                try {
                    return new OpenLoop(target.clients(), target.topics()).run(Arrivals.constant(rate, 60.0 * count), documents,
                            latency -> {
                                recorder.recordValue(latency);
                                answers.incrementAndGet();
                            });
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            long start = System.nanoTime();
            ProcessFigures process = target.process().orElseThrow();
            for (int minute = 1; minute <= count; minute++) {
                sleepUntil(start + TimeUnit.MINUTES.toNanos(minute));
                report(minute, process, answers.getAndSet(0), recorder.getIntervalHistogram());
            }
            Result result = loop.get();
            System.out.printf(Locale.ROOT, "%n%d documents: %d extractions, %d dead letters, %d unanswered, %d answers repeated;"
                            + " peak resident %.0f MB; visitors: %s%n", result.due(), result.extracted(), result.deadLettered(),
                    result.unanswered(), result.repeated(), process.peakResident(), visitors.told());
            grown();
        }
    }

    private void report(int minute, ProcessFigures process, int answers, Histogram latencies) throws Exception {
        Minute held = new Minute(process.resident(), process.heapAfterCollection(), process.handles(), process.threads());
        minutes.add(held);
        System.out.printf(Locale.ROOT, "| %d | %d | %.0f | %.0f | %.0f | %.0f | %.0f | %d | %d | %.1f |%n", minute, answers,
                latencies.getValueAtPercentile(50) / 1e6, latencies.getValueAtPercentile(99) / 1e6,
                latencies.getMaxValue() / 1e6, held.resident(), held.heap(), held.handles(), held.threads(), Machine.load());
    }

    /** The median of the later half of the minutes against that of the earlier half, the first ones left out. */
    private void grown() {
        List<Minute> settled = minutes.subList(Math.min(SETTLING, minutes.size()), minutes.size());
        if (settled.size() < 4) {
            return;
        }
        List<Minute> early = settled.subList(0, settled.size() / 2);
        List<Minute> late = settled.subList(settled.size() / 2, settled.size());
        System.out.printf(Locale.ROOT, "median of the last %d minutes less that of the %d before (the first %d left out):"
                        + " resident %+.1f MB, heap %+.1f MB, file handles %+.0f, threads %+.0f%n", late.size(), early.size(),
                SETTLING, more(early, late, Minute::resident), more(early, late, Minute::heap),
                more(early, late, Minute::handles), more(early, late, Minute::threads));
    }

    private static double more(List<Minute> early, List<Minute> late, ToDoubleFunction<Minute> figure) {
        return Machine.median(late.stream().mapToDouble(figure).toArray())
                - Machine.median(early.stream().mapToDouble(figure).toArray());
    }

    private static void sleepUntil(long nanos) {
        while (System.nanoTime() < nanos) {
            LockSupport.parkNanos(nanos - System.nanoTime());
        }
    }
}
