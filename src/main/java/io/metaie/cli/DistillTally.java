package io.metaie.cli;

import io.metaie.distillation.Distilled.Learned;
import io.metaie.distillation.TeacherException.Fault;
import io.metaie.distillation.TeacherObserver;
import io.metaie.evaluation.LabelledSpan;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** What a run of {@code distill} has come to. */
final class DistillTally implements TeacherObserver {

    private final LongAdder tokens = new LongAdder();
    private final DoubleAdder cost = new DoubleAdder();
    private final Set<String> labels = new HashSet<>();
    private long examples;
    private long spans;
    private long dropped;
    private long refused;
    private long failed;

    void learned(Learned learned) {
        examples++;
        spans += learned.example().spans().size();
        learned.example().spans().stream().map(LabelledSpan::label).forEach(label -> labels.add(label.name()));
        dropped += learned.dropped().values().stream().mapToInt(Integer::intValue).sum();
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
        return String.format(Locale.ROOT, "%s; %,d pairs dropped, %,d sentences refused, %,d failed",
                brief(), dropped, refused, failed);
    }
}
