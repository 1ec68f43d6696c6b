package io.metaie.metrics;

import io.metaie.distillation.Distilled.Learned;
import io.metaie.distillation.Drop;
import io.metaie.distillation.TeacherException.Fault;
import io.metaie.distillation.TeacherObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** What the teacher says and costs, as Micrometer meters. Every meter exists, at 0, from the start. */
public final class TeacherMetrics implements TeacherObserver {

    private final Counter answered;
    private final Counter refused;
    private final Map<Fault, Counter> failed = new EnumMap<>(Fault.class);
    private final Counter promptTokens;
    private final Counter completionTokens;
    private final Counter cost;
    private final Map<String, Counter> pairs = new HashMap<>();

    public TeacherMetrics(MeterRegistry registry) {
        answered = requests(registry, "answered");
        refused = requests(registry, "refused");
        for (Fault fault : Fault.values()) {
            failed.put(fault, fault == Fault.REFUSED ? refused : requests(registry, fault.name().toLowerCase(Locale.ROOT)));
        }
        promptTokens = tokens(registry, "prompt");
        completionTokens = tokens(registry, "completion");
        cost = Counter.builder("metaie.llm.cost").description("What calls to the teacher cost, USD").register(registry);
        for (String outcome : List.of(Learned.EXACT, Learned.NORMALISED)) {
            pairs.put(outcome, pairs(registry, outcome));
        }
        for (Drop drop : Drop.values()) {
            pairs.put(drop.wireName(), pairs(registry, drop.wireName()));
        }
    }

    /**
     * Shows what may be spent, and what is.
     *
     * @param budget USD a calendar month, of all instances together
     * @param spent what was spent in this month, or is set aside, by all of them
     */
    public static void budget(MeterRegistry registry, double budget, DoubleSupplier spent) {
        Gauge.builder("metaie.llm.budget", () -> budget).description("What may be spent on the teacher a calendar month, USD")
                .strongReference(true)
                .register(registry);
        Gauge.builder("metaie.llm.spent", spent::getAsDouble)
                .description("What was spent on the teacher this month (UTC) or is set aside, by all instances, USD")
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void answered(boolean refusal) {
        (refusal ? refused : answered).increment();
    }

    @Override
    public void failed(Fault fault) {
        failed.get(fault).increment();
    }

    @Override
    public void paid(long prompt, long completion, double usd) {
        promptTokens.increment(prompt);
        completionTokens.increment(completion);
        cost.increment(usd);
    }

    /** Counts what became of the pairs of an answer, by the outcome's name. */
    public void pairs(Map<String, Integer> counts) {
        counts.forEach((outcome, count) -> pairs.get(outcome).increment(count));
    }

    private static Counter requests(MeterRegistry registry, String outcome) {
        return Counter.builder("metaie.llm.requests").description("Calls to the teacher").tag("outcome", outcome).register(registry);
    }

    private static Counter tokens(MeterRegistry registry, String kind) {
        return Counter.builder("metaie.llm.tokens").description("Tokens the teacher read and wrote").tag("kind", kind)
                .register(registry);
    }

    private static Counter pairs(MeterRegistry registry, String outcome) {
        return Counter.builder("metaie.distillation.pairs")
                .description("Pairs of label and span in answers: taken as written, taken but for case, white space and quotes,"
                        + " or dropped, by cause")
                .tag("outcome", outcome)
                .register(registry);
    }
}
