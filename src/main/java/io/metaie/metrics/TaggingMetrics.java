package io.metaie.metrics;

import io.metaie.extraction.Extraction;
import io.metaie.extraction.ExtractionObserver;
import io.metaie.extraction.ExtractionRequest;
import io.metaie.tagging.BatchObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What the tagger and the extractor do, as Micrometer meters. Every meter exists, at 0, from the start. */
public final class TaggingMetrics implements BatchObserver, ExtractionObserver {

    /** Stands for every label that no configured task has: publishers choose labels freely, series are bounded. */
    private static final String OTHER = "other";

    private final Counter sentences;
    private final Counter queries;
    private final Counter tokens;
    private final Counter padding;
    private final DistributionSummary batchSize;
    private final DistributionSummary batchFill;
    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
    private final Map<String, Counter> spans = new HashMap<>();

    /** @param labels the labels that have a series of their own: those of the configured tasks */
    public TaggingMetrics(MeterRegistry registry, Collection<String> labels) {
        sentences = Counter.builder("metaie.sentences").description("Sentences of answered documents").register(registry);
        queries = Counter.builder("metaie.queries")
                .description("Queries of answered documents: a label asked of a sentence, or of a window of a long one")
                .register(registry);
        tokens = tokens(registry, "real", "Tokens that queries asked for");
        padding = tokens(registry, "padding", "Tokens that were computed and no query asked for");
        batchSize = DistributionSummary.builder("metaie.batch.size").description("Queries in a batch")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256)
                .register(registry);
        batchFill = DistributionSummary.builder("metaie.batch.fill").description("Tokens of a batch, as a share of its budget")
                .serviceLevelObjectives(.1, .25, .5, .75, .9, 1)
                .register(registry);
        for (Stage stage : Stage.values()) {
            stages.put(stage, Timer.builder("metaie.stage.duration")
                    .description("Time a stage takes: parse, tokenize, decode a document; queue, infer a batch; publish a transaction")
                    .tag("stage", stage.name().toLowerCase(Locale.ROOT))
                    .serviceLevelObjectives(millis(1), millis(5), millis(10), millis(25), millis(50), millis(100), millis(250),
                            millis(500), millis(1000), millis(2500), millis(5000), millis(10_000))
                    .register(registry));
        }
        labels.forEach(label -> spans.put(label, spans(registry, label)));
        spans.put(OTHER, spans(registry, OTHER));
    }

    /** Says on which device and in which arithmetic the tagger runs. */
    public static void device(MeterRegistry registry, String provider, String precision) {
        Gauge.builder("metaie.device", () -> 1).description("1 for the device that tags")
                .tag("provider", provider)
                .tag("precision", precision)
                .strongReference(true)
                .register(registry);
    }

    /** Shows how much waits for the tagger. */
    public static void queue(MeterRegistry registry, LongSupplier waitingTokens) {
        Gauge.builder("metaie.queue.tokens", waitingTokens::getAsLong)
                .description("Tokens of the stream that wait for a batch")
                .strongReference(true)
                .register(registry);
    }

    private static Counter tokens(MeterRegistry registry, String kind, String description) {
        return Counter.builder("metaie.tokens").description(description).tag("kind", kind).register(registry);
    }

    private static Counter spans(MeterRegistry registry, String label) {
        return Counter.builder("metaie.spans").description("Spans found; labels of no configured task count as " + OTHER)
                .tag("label", label)
                .register(registry);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Override
    public void ran(BatchRun batch) {
        tokens.increment(batch.tokens());
        padding.increment(batch.padding());
        batchSize.record(batch.queries());
        batchFill.record((double) batch.tokens() / batch.budget());
        stage(Stage.QUEUE, batch.queuedNanos());
        stage(Stage.INFER, batch.runNanos());
    }

    @Override
    public void stage(Stage stage, long nanos) {
        stages.get(stage).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void extracted(ExtractionRequest request, Extraction extraction, int asked) {
        sentences.increment(extraction.sentences());
        queries.increment(asked);
        for (Extraction.ExtractedSpan span : extraction.spans()) {
            spans.getOrDefault(span.label(), spans.get(OTHER)).increment();
        }
    }
}
