package io.metaie.load;

import io.metaie.load.OpenLoop.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What sampling for the teacher costs those who wait for extractions: the same documents at the same constant rate to a
 * service that samples a tenth of its sentences, those it was least sure of, and to one that samples none, in turns. Both
 * run all the time, each on a broker of its own; one of them has nothing to do. No sentence comes twice to a service,
 * since none is sampled twice.
 *
 * <p>{@code load-tests/run Sampling [PAIRS] [SECONDS A WINDOW] [DOCUMENTS A SECOND]}
 */
public final class Sampling {

    private static final Map<String, String> SAMPLES = Map.of(
            "metaie.distillation.sample.rate", "0.1",
            "metaie.distillation.sample.by", "uncertainty",
            "metaie.distillation.sample.per-hour", "1000000");
    private static final List<String> LABELS = Documents.labels(4);

    private final Arrivals arrivals;
    private final List<String> sentences;

    private Sampling(Arrivals arrivals, List<String> sentences) {
        this.arrivals = arrivals;
        this.sentences = sentences;
    }

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 20;
        double rate = args.length > 2 ? Double.parseDouble(args[2]) : 50;
        int count = (int) (rate * seconds);
        Sampling sampling = new Sampling(Arrivals.constant(rate, seconds), Texts.sentences((pairs + 1) * count));
        try (Target plain = Target.own(Map.of()); Target samples = Target.own(SAMPLES)) {
            for (Target target : List.of(plain, samples)) {
                sampling.window(target, pairs); // compiles
            }
            sampling.compare(plain, samples, pairs, rate);
        }
        System.exit(0);
    }

    private void compare(Target plain, Target samples, int pairs, double rate) throws Exception {
        System.out.printf(Locale.ROOT, "%.0f documents a second of one sentence and %d labels%n%n", rate, LABELS.size());
        System.out.println("| pair | p50 ms | sampling | p99 ms | sampling | CPU ms a document | sampling | sentences sampled |");
        System.out.println("| --- |" + " --- |".repeat(7));
        List<Double> medians = new ArrayList<>();
        List<Double> tails = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            // Which comes first changes, so that what drifts favours neither.
            boolean samplesFirst = pair % 2 == 1;
            Window first = window(samplesFirst ? samples : plain, pair);
            Window second = window(samplesFirst ? plain : samples, pair);
            Window with = samplesFirst ? first : second;
            Window without = samplesFirst ? second : first;
            medians.add(with.millis(50) / without.millis(50));
            tails.add(with.millis(99) / without.millis(99));
            cpu.add(with.cpuMillis() / without.cpuMillis());
            System.out.printf(Locale.ROOT, "| %d | %.0f | %.0f | %.0f | %.0f | %.2f | %.2f | %d |%n", pair + 1, without.millis(50),
                    with.millis(50), without.millis(99), with.millis(99), without.cpuMillis(), with.cpuMillis(), with.sampled());
        }
        System.out.printf(Locale.ROOT, "%nsampling / not, medians of %d pairs: p50 %.3f, p99 %.3f, CPU seconds a document %.3f%n",
                pairs, Throughput.median(medians), Throughput.median(tails), Throughput.median(cpu));
    }

    /** @param sampled requests published meanwhile */
    private record Window(Histogram latencies, double cpuMillis, long sampled) {

        double millis(double percentile) {
            return latencies.getValueAtPercentile(percentile) / 1e6;
        }
    }

    private Window window(Target target, int number) throws IOException, InterruptedException {
        int offset = number * arrivals.count();
        Documents documents = new Documents(1, LABELS.size(),
                (id, i) -> Texts.document(id, sentences.get((offset + i) % sentences.size()), LABELS));
        Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
        long requests = requests(target);
        double before = target.process().orElseThrow().cpuSeconds();
        Result result = new OpenLoop(target.clients(), target.topics()).run(arrivals, documents, latencies::recordValue);
        double used = target.process().orElseThrow().cpuSeconds() - before;
        if (result.unanswered() + result.deadLettered() > 0) {
            throw new IllegalStateException(result + ": not every document was answered by an extraction");
        }
        return new Window(latencies, used * 1_000 / result.due(), requests(target) - requests);
    }

    private static long requests(Target target) {
        try (Consumer<byte[], byte[]> reader = target.clients().consumer("load-requests", Map.of())) {
            List<TopicPartition> partitions = reader.listTopics()
                    .getOrDefault(target.topics().distillationRequests(), List.of()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
            return reader.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
