package io.metaie.cli;

import io.metaie.adaptation.Adaptation;
import io.metaie.adaptation.AdaptationListener;
import io.metaie.adaptation.AdaptationOptions;
import io.metaie.adaptation.AdaptationOptions.Activation;
import io.metaie.adaptation.AdaptationResult;
import io.metaie.adaptation.Comparison;
import io.metaie.adaptation.Learner;
import io.metaie.adaptation.LearnerScorer;
import io.metaie.adaptation.LearningSet;
import io.metaie.adaptation.Method;
import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.TrainingFailedException;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.AdapterFile.Description;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.CheckpointWriter;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.config.MetaieConfig;
import io.metaie.engine.ModelDirectory;
import io.metaie.evaluation.Selection;
import io.metaie.extraction.LabelsJson;
import io.metaie.extraction.TaskJson;
import io.metaie.label.InvalidLabelsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code adapt}: few-shot adaptation of the model to an adapter file. */
@Command(
        name = "adapt",
        description = "Adapts the model to a task by a few annotated sentences: measures on sentences held out whether it"
                + " helps, learns from all, and writes an adapter.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples are JSON Lines: {\"text\", \"labels\"?, \"spans\": [{\"label\", \"start\", \"end\"} | {\"label\", \"text\"}]}.",
            "A label that is asked and has no span is learned as absent. With 40 sentences or more a fifth is held out, from",
            "8 up each third once; with fewer nothing is measured."
        })
final class AdaptCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--examples", paramLabel = "FILE|-", required = true, description = "The annotated sentences.")
    private String examples;

    @Option(names = "--out", paramLabel = "ADAPTER", required = true,
            description = "The adapter file to write; with --full, the checkpoint directory.")
    private Path out;

    @Option(names = "--task", paramLabel = "FILE",
            description = "A task {\"labels\": [...], \"threshold\"?, \"exclusive\"?}: what examples are asked that bring no labels,"
                    + " and which of the spans found count when it is measured.")
    private Optional<Path> task = Optional.empty();

    @Mixin
    private LearningFlags learning = new LearningFlags();

    @ArgGroup
    private Weights weights = new Weights();

    /** What is trained. */
    private static final class Weights {

        @Option(names = "--rank", paramLabel = "R", description = "The adapter's rank; by default 8.")
        private Optional<Integer> rank = Optional.empty();

        @Option(names = "--full", description = "Trains every weight and writes a checkpoint directory.")
        private boolean full;

        Method method() {
            return full ? new Method.Full() : Method.Lora.ofRank(rank.orElse(Method.Lora.DEFAULT_RANK));
        }
    }

    AdaptCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        AdaptationOptions options = options();
        checkOut();
        MetaieConfig config = model.config();
        Optional<TaskJson> asked = task.map(TaskFile::read);
        Selection selection = new Selection(asked.flatMap(TaskJson::threshold).orElse(0.0),
                asked.flatMap(TaskJson::exclusive).orElse(false));
        ExampleFile file = ExampleFile.read(examples, terminal.in(), asked.map(TaskJson::labels));
        LearningSet set = LearningSet.of(file.examples());
        set.warnings().forEach(warning -> terminal.message("metaie: " + warning));
        if (!set.hasSpans()) {
            throw new CommandException("no example in " + examples + " has a span: there is nothing to learn");
        }
        try {
            Checkpoint checkpoint = Checkpoint.open(ModelDirectory.locate(config));
            Trainer trainer = TrainingTools.open(config.training(), terminal);
            try (Vocabulary vocabulary = Vocabulary.open(checkpoint)) {
                Adaptation adaptation =
                        new Adaptation(trainer, checkpoint, vocabulary, new LearnerScorer(vocabulary, selection));
                report(run(adaptation, set, options, writer(checkpoint, file)));
            }
        } catch (CheckpointException | TrainingFailedException e) {
            throw new CommandException(e.getMessage(), e);
        } catch (InvalidLabelsException e) {
            throw new CommandException(examples + ": " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new CommandException(out + " cannot be written: " + e.getCause().getMessage(), e);
        }
        return 0;
    }

    private AdaptationOptions options() {
        try {
            return new AdaptationOptions(
                    weights.method(),
                    learning.epochs(),
                    learning.learningRate(),
                    learning.seed().orElse(0),
                    learning.holdout(),
                    Activation.IF_BETTER);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Better now than after the training. */
    private void checkOut() {
        Path folder = out.toAbsolutePath().getParent();
        if (!weights.full && (Files.isDirectory(out) || !Files.isDirectory(folder))) {
            throw new CommandException(Files.isDirectory(out) ? out + " is a directory" : "there is no directory " + folder);
        }
    }

    private <T> AdaptationResult<T> run(Adaptation adaptation, LearningSet set, AdaptationOptions options,
            Function<Learner, T> writer) throws TrainingFailedException {
        try (Terminal.Progress progress = terminal.progress("epochs")) {
            AdaptationListener listener = new AdaptationListener() {
                @Override
                public void progress(int epoch, int epochs, double loss) {
                    progress.update(epoch, (double) epoch / epochs, String.format(Locale.ROOT, "loss %.4f", loss));
                }

                @Override
                public boolean isCancelled() {
                    return false;
                }
            };
            return adaptation.run(set, options, Optional.empty(), listener, writer);
        }
    }

    /** Writes what was learned; gives the number of bytes. */
    private Function<Learner, Long> writer(Checkpoint checkpoint, ExampleFile file) {
        return learner -> {
            try {
                if (weights.method() instanceof Method.Lora lora) {
                    Description description = new Description(checkpoint.hash(), lora.rank(), lora.alpha(), "",
                            LabelsJson.write(file.labels()));
                    Files.write(out, AdapterFile.of(description, learner.weights(ElementType.F16)).bytes());
                    return Files.size(out);
                }
                CheckpointWriter.write(out, checkpoint.directory(), learner.weights(ElementType.F16));
                return Files.size(out.resolve("model.safetensors"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private void report(AdaptationResult<Long> result) {
        result.comparison().ifPresent(comparison -> terminal.out().print(table(comparison)));
        terminal.message(String.format(Locale.ROOT, "%s: %,d bytes in %.1f s; %s", out, result.model(),
                result.took().toMillis() / 1e3, result.verdict().reason()));
    }

    private static String table(Comparison comparison) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-32s  %6s  %6s%n", "F1", "before", "after"));
        comparison.after().labels().forEach((label, after) -> table.append(String.format(Locale.ROOT, "%-32s  %6.2f  %6.2f%n",
                Terminal.printable(label), 100 * f1(comparison, label), 100 * after.f1())));
        return table.append(String.format(Locale.ROOT, "%-32s  %6.2f  %6.2f%n", "micro",
                100 * comparison.before().micro().f1(), 100 * comparison.after().micro().f1())).toString();
    }

    private static double f1(Comparison comparison, String label) {
        return comparison.before().labels().get(label).f1();
    }
}
