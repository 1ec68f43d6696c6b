package io.metaie.testing;

import io.metaie.engine.Engine;
import io.metaie.extraction.DocumentReader;
import io.metaie.extraction.ExtractionProcessor;
import io.metaie.metrics.TaggingMetrics;
import io.metaie.record.InboundRecord;
import io.metaie.record.Outcome;
import io.metaie.record.RecordProcessor;
import io.metaie.tagging.Source;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Stands before the real processors of the lanes in every {@code @QuarkusTest}, and answers in their place whatever a
 * test wants to go wrong. Without a plan it does nothing.
 */
@Singleton
public class Faults {

    private volatile Function<InboundRecord, Optional<CompletableFuture<Outcome>>> plan = record -> Optional.empty();

    /** @param plan the answer to a record, or empty to let the real processor answer */
    public void plan(Function<InboundRecord, Optional<CompletableFuture<Outcome>>> plan) {
        this.plan = plan;
    }

    public void none() {
        plan(record -> Optional.empty());
    }

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    RecordProcessor.Factory processors(DocumentReader reader, Engine engine, TaggingMetrics metrics) {
        return lane -> {
            RecordProcessor real =
                    new ExtractionProcessor(reader, engine.extractor(), new Source(lane, false), metrics);
            return record -> plan.apply(record).orElseGet(() -> real.process(record));
        };
    }
}
