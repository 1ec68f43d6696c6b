package io.metaie.cli;

import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.TrainingFailedException;
import io.metaie.checkpoint.Backbone;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.config.Settings;
import io.metaie.training.MetaTraining;
import io.metaie.training.MetaTrainingSettings;
import io.metaie.training.WeightedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train}: label-to-span meta-learning of an encoder to a checkpoint. */
@Command(
        name = "train",
        description = "Trains an encoder to find the spans of any label: meta-learning on annotated sentences of many sets.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Data are JSON Lines: {\"text\", \"labels\", \"spans\": [{\"label\", \"start\", \"end\"}], \"task\"?, \"source\"?}. The",
            "bundled model's recipe: --data models/data/meta-train.jsonl.zst:1 models/data/distilled.jsonl.zst:6.",
            "Every few minutes the checkpoint is written, and beside it what --resume goes on from."
        })
final class TrainCommand implements Callable<Integer> {

    private static final double LEARNING_RATE = 3e-4;
    private static final long SEED = 1;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--backbone", paramLabel = "DIR", required = true,
            description = "The encoder to begin with: a roberta or xlm-roberta checkpoint, such as 'convert --bert' makes.")
    private Path backbone;

    @Option(names = "--data", paramLabel = "FILE[:weight]", required = true, arity = "1..*",
            description = "What to learn from, and how often each sentence is seen in a pass over all; by default once.")
    private List<String> data = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The checkpoint directory to write.")
    private Path out;

    @ArgGroup
    private Length length = new Length();

    /** When it ends. */
    private static final class Length {

        @Option(names = "--minutes", paramLabel = "M", description = "How long; by default 60 minutes.")
        private Optional<Double> minutes = Optional.empty();

        @Option(names = "--tokens", paramLabel = "N", description = "How many tokens, padding counted.")
        private Optional<Long> tokens = Optional.empty();
    }

    @Option(names = "--learning-rate", paramLabel = "X", description = "The peak; by default 0.0003.")
    private double learningRate = LEARNING_RATE;

    @Option(names = "--dev", paramLabel = "FILE", arity = "1..*",
            description = "Examples to measure on now and then: the first sentences of each.")
    private List<Path> dev = new ArrayList<>();

    @Option(names = "--resume", description = "Goes on with the run that was begun in --out, with the same options.")
    private boolean resume;

    TrainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        MetaTrainingSettings settings = settings();
        checkOut();
        try {
            List<WeightedFile> files = data.stream().map(WeightedFile::parse).toList();
            DevSets devSets = DevSets.read(dev);
            Backbone encoder = Backbone.open(backbone);
            Trainer trainer = TrainingTools.open(Settings.metaie(Settings.load()).training(), terminal);
            try (Vocabulary vocabulary = encoder.vocabulary()) {
                MetaTraining training = MetaTraining.of(trainer, encoder, vocabulary, files, settings, out);
                terminal.message(String.format("metaie: training %s (%s) on %,d sentences, in %s", backbone, encoder.hash(),
                        training.sentences(), trainer.precision()));
                try (TrainingReport report = new TrainingReport(terminal, out, devSets, vocabulary)) {
                    training.run(resume, report);
                    report.finished();
                }
            }
            return 0;
        } catch (CheckpointException | TrainingFailedException | IllegalStateException e) {
            throw new CommandException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--data: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private MetaTrainingSettings settings() {
        try {
            Optional<Duration> time = length.minutes.map(minutes -> Duration.ofMillis(Math.round(minutes * 60_000)));
            OptionalLong tokens = length.tokens.map(OptionalLong::of).orElse(OptionalLong.empty());
            return new MetaTrainingSettings(
                    time.isEmpty() && tokens.isEmpty() ? Optional.of(Duration.ofHours(1)) : time, tokens, learningRate, SEED);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void checkOut() {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new CommandException(out + " is not a directory");
        }
        if (!resume && MetaTraining.wasBegun(out)) {
            throw new CommandException("a run was begun in " + out + " and has not ended: --resume goes on with it, or remove"
                    + " the directory");
        }
    }
}
