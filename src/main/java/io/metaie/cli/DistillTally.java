package io.metaie.cli;

import io.metaie.distillation.Distilled.Learned;
import io.metaie.distillation.Distilled.Refused;
import io.metaie.distillation.Drop;
import io.metaie.distillation.TeacherException.Fault;
import io.metaie.distillation.TeacherObserver;
import io.metaie.evaluation.LabelledSpan;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What a run of {@code distill} has come to. */
final class DistillTally implements TeacherObserver {

    private final LongAdder tokens = new LongAdder();
    private final DoubleAdder cost = new DoubleAdder();
    private final Set<String> labels = new HashSet<>();
    private long examples;
    private long spans;
    private final Map<Drop, Integer> dropped = new EnumMap<>(Drop.class);
    private long refused;
    private long failed;

    void learned(Learned learned) {
        examples++;
        spans += learned.example().spans().size();
        learned.example().spans().stream().map(LabelledSpan::label).forEach(label -> labels.add(label.name()));
        drop(learned.dropped());
    }

    void refused(Refused refusal) {
        refused++;
        drop(refusal.dropped());
    }

    private void drop(Map<Drop, Integer> counts) {
        counts.forEach((cause, count) -> dropped.merge(cause, count, Integer::sum));
    }

    void refused() {
        refused++;
    }

    void failed() {
        failed++;
    }

    long examples() {
        return examples;
    }

    long failures() {
        return failed;
    }

    long unanswered() {
        return refused + failed;
    }

    @Override
    public void answered(boolean refusal) {}

    @Override
    public void failed(Fault fault) {}

    @Override
    public void paid(long promptTokens, long completionTokens, double usd) {
        tokens.add(promptTokens + completionTokens);
        cost.add(usd);
    }

    /** For the progress line. */
    String brief() {
        return String.format(Locale.ROOT, "%,d examples, %,d spans, %,d labels, %,d tokens, %.4f USD",
                examples, spans, labels.size(), tokens.sum(), cost.sum());
    }

    /** For the end. */
    String summary() {
        int pairs = dropped.values().stream().mapToInt(Integer::intValue).sum();
        String causes = dropped.entrySet().stream()
                .map(cause -> cause.getKey().wireName() + " " + cause.getValue())
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "%s; %,d pairs dropped%s, %,d sentences refused, %,d failed",
                brief(), pairs, causes.isEmpty() ? "" : " (" + causes + ")", refused, failed);
    }
}
