package io.metaie.lane;

import io.metaie.record.Outcome;
import io.metaie.record.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.LongStream;

/** Counts what the lanes have committed. Every meter is there from the start, at 0: so no proxy that makes it later. */
@Singleton
class LaneMetrics implements LaneListener {

    /** From what one sentence takes to what a backlog takes. */
    private static final Duration[] BUCKETS = LongStream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000,
            60_000, 300_000, 900_000, 3_600_000).mapToObj(Duration::ofMillis).toArray(Duration[]::new);

    private final Counter extracted;
    private final Counter rejected;
    private final Counter examples;
    private final Map<Reason, Counter> deadLetters = new EnumMap<>(Reason.class);
    private final Timer latency;
    private final Timer service;
    private final Timer publish;

    LaneMetrics(MeterRegistry registry) {
        extracted = documents(registry, "extracted");
        rejected = documents(registry, "dead-letter");
        examples = Counter.builder("metaie.distillation.examples")
                .description("Examples published, each a sentence a teacher labelled")
                .register(registry);
        for (Reason reason : Reason.values()) {
            deadLetters.put(reason, Counter.builder("metaie.dead.letters")
                    .description("Records that went to the dead letters")
                    .tag("reason", reason.wireName())
                    .register(registry));
        }
        latency = timer("metaie.document.latency", "From a record's timestamp to the commit of its answer")
                .register(registry);
        service = timer("metaie.document.service", "From a record's poll to the commit of its answer")
                .register(registry);
        publish = timer("metaie.stage.duration", "Time of one stage of the work")
                .tag("stage", "publish")
                .register(registry);
    }

    /**
     * Counts what is committed of requests to the teacher, of which dead letters are dead letters as any.
     *
     * @param work counts what is its own
     */
    LaneListener ofRequests(LaneWork work) {
        return new LaneListener() {
            @Override
            public void committed(Outcome outcome, Duration latency, Duration service) {
                if (outcome instanceof Outcome.Parted parted) {
                    parted.parts().forEach(part -> request(part.outcome(), work));
                } else {
                    request((Outcome.Single) outcome, work);
                }
            }

            @Override
            public void published(Duration duration) {
                // The stages are those of extraction.
            }
        };
    }

    private void request(Outcome.Single outcome, LaneWork work) {
        if (outcome instanceof Outcome.Rejected dead) {
            deadLetters.get(dead.reason()).increment();
        } else {
            examples.increment();
        }
        work.committed(outcome);
    }

    @Override
    public void committed(Outcome outcome, Duration latency, Duration service) {
        if (outcome instanceof Outcome.Rejected dead) {
            rejected.increment();
            deadLetters.get(dead.reason()).increment();
        } else {
            extracted.increment();
        }
        this.latency.record(latency);
        this.service.record(service);
    }

    @Override
    public void published(Duration duration) {
        publish.record(duration);
    }

    private static Counter documents(MeterRegistry registry, String outcome) {
        return Counter.builder("metaie.documents")
                .description("Records answered, by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Timer.Builder timer(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(BUCKETS);
    }
}
