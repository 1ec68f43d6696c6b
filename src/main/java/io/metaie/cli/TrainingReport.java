package io.metaie.cli;

import io.metaie.adaptation.Learner;
import io.metaie.tagging.WordEncoder;
import io.metaie.training.MetaTraining;
import io.metaie.training.MetaTrainingSettings.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells how a training goes: a line that is drawn anew on terminals, and one a minute everywhere. */
final class TrainingReport implements MetaTraining.Listener, AutoCloseable {

    private static final Duration LINE_EVERY = Duration.ofMinutes(1);
    private static final Duration MEASURED_EVERY = Duration.ofMinutes(15);
    /** How much one step's loss counts towards the mean that is shown. */
    private static final double SMOOTHING = 0.02;

    private final Terminal terminal;
    private final Path out;
    private final DevSets dev;
    private final WordEncoder encoder;
    private final Terminal.Progress bar;
    private long lineAt = System.nanoTime();
    private long measuredAt = lineAt;
    private double loss = Double.NaN;
    private double learningRate;
    private double done;
    private Progress progress;
    private String measured = "";

    TrainingReport(Terminal terminal, Path out, DevSets dev, WordEncoder encoder) {
        this.terminal = terminal;
        this.out = out;
        this.dev = dev;
        this.encoder = encoder;
        this.bar = terminal.progress("tokens");
    }

    @Override
    public void stepDone(Progress progress, double done, double loss, double learningRate) {
        this.progress = progress;
        this.done = done;
        this.learningRate = learningRate;
        this.loss = Double.isNaN(this.loss) ? loss : this.loss + SMOOTHING * (loss - this.loss);
        bar.show(done, text());
        if (System.nanoTime() - lineAt > LINE_EVERY.toNanos()) {
            lineAt = System.nanoTime();
            say(String.format(Locale.ROOT, "%3.0f %%  step %d  %s", 100 * done, progress.steps(), text()));
        }
    }

    private String text() {
        double seconds = progress.nanos() / 1e9;
        double left = done > 0 ? seconds * (1 - done) / done : 0;
        return String.format(Locale.ROOT, "loss %.4f  %,.0f tokens/s  rate %.2e  %.1f min left%s", loss,
                progress.tokens() / seconds, learningRate, left / 60, measured);
    }

    @Override
    public void betweenSteps(Learner learner) {
        if (!dev.isEmpty() && (done >= 1 || System.nanoTime() - measuredAt > MEASURED_EVERY.toNanos())) {
            Map<String, Double> f1 = dev.measure(learner, encoder);
            double mean = f1.values().stream().mapToDouble(Double::doubleValue).average().orElse(0);
            measured = String.format(Locale.ROOT, "  dev F1 %.2f", 100 * mean);
            say(String.format(Locale.ROOT, "dev F1 %.2f: %s", 100 * mean, f1.entrySet().stream()
                    .map(set -> String.format(Locale.ROOT, "%s %.2f", set.getKey(), 100 * set.getValue()))
                    .collect(Collectors.joining(", "))));
            measuredAt = System.nanoTime();
        }
    }

    @Override
    public void saved(Progress progress) {
        say(String.format(Locale.ROOT, "saved at step %d", progress.steps()));
    }

    /** The run is over. */
    void finished() {
        say(String.format(Locale.ROOT, "%s: %d steps, %,d tokens in %.1f min (%,.0f tokens/s), loss %.4f", out,
                progress.steps(), progress.tokens(), progress.nanos() / 6e10,
                progress.tokens() / (progress.nanos() / 1e9), loss));
    }

    private void say(String line) {
        bar.close();
        terminal.message(line);
    }

    @Override
    public void close() {
        bar.close();
    }
}
