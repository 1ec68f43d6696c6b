package io.metaie.training;

import io.metaie.adaptation.Learner;
import io.metaie.adaptation.LearnerSettings;
import io.metaie.adaptation.Method;
import io.metaie.adaptation.Schedule;
import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.TrainingFailedException;
import io.metaie.adaptation.TrainingRow;
import io.metaie.checkpoint.Backbone;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.CheckpointWriter;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.tagging.WordEncoder;
import io.metaie.training.BatchStream.Position;
import io.metaie.training.MetaTrainingSettings.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Label-to-span meta-learning: trains every weight of an encoder on annotated sentences, with AdamW, dropout, a short
 * warm-up and a cosine. Everything runs on the thread that calls.
 */
public final class MetaTraining {

    private static final double BETA2 = 0.98;
    private static final Duration SAVED_EVERY = Duration.ofMinutes(5);

    private final Trainer trainer;
    private final Backbone backbone;
    private final WordEncoder encoder;
    private final Corpus corpus;
    private final String recipe;
    private final MetaTrainingSettings settings;
    private final Path out;
    private final Duration savedEvery;

    private MetaTraining(Trainer trainer, Backbone backbone, WordEncoder encoder, Corpus corpus, String recipe,
            MetaTrainingSettings settings, Path out, Duration savedEvery) {
        this.trainer = trainer;
        this.backbone = backbone;
        this.encoder = encoder;
        this.corpus = corpus;
        this.recipe = recipe;
        this.settings = settings;
        this.out = out;
        this.savedEvery = savedEvery;
    }

    /**
     * Prepares a run.
     *
     * @param out the checkpoint directory to write
     * @throws IOException when the data cannot be read or a line is no example
     */
    public static MetaTraining of(Trainer trainer, Backbone backbone, WordEncoder encoder, List<WeightedFile> data,
            MetaTrainingSettings settings, Path out) throws IOException {
        return of(trainer, backbone, encoder, data, settings, out, SAVED_EVERY);
    }

    /** @param savedEvery how much time may be lost */
    static MetaTraining of(Trainer trainer, Backbone backbone, WordEncoder encoder, List<WeightedFile> data,
            MetaTrainingSettings settings, Path out, Duration savedEvery) throws IOException {
        String recipe = backbone.hash() + " " + data + " " + settings;
        return new MetaTraining(trainer, backbone, encoder, CorpusReader.read(data), recipe, settings, out,
                savedEvery);
    }

    /** How many sentences it learns from. */
    public int sentences() {
        return corpus.size();
    }

    /** Whether a run was begun there and not ended. */
    public static boolean wasBegun(Path out) {
        return TrainingState.exists(out);
    }

    /** Hears of a run, on the thread it runs on. */
    public interface Listener {

        /**
         * A step is done.
         *
         * @param done the share of the run that is over, 0 to 1
         */
        void stepDone(Progress progress, double done, double loss, double learningRate);

        /** Called between steps; may measure the model. What this takes does not count as training. */
        void betweenSteps(Learner learner);

        /** The run so far is safe. */
        void saved(Progress progress);
    }

    /**
     * Trains to the end, saving now and then.
     *
     * @param resume go on with the run that was begun there
     * @throws CheckpointException when there is none, or it is another run
     */
    public void run(boolean resume, Listener listener) throws TrainingFailedException, IOException, CheckpointException {
        LearnerSettings learning =
                new LearnerSettings(new Method.Full(), LearnerSettings.DEFAULT_DROPOUT, BETA2, settings.seed());
        try (Learner learner = trainer.learner(backbone.config(), backbone::tensor, learning)) {
            TrainingState state = resume ? restore(learner) : new TrainingState(recipe, Progress.NONE, Position.START);
            Progress progress = state.progress();
            BatchStream stream = new BatchStream(corpus, new RowSampler(corpus, encoder),
                    MetaTrainingSettings.STEP_TOKENS, settings.seed(), state.position());
            long saved = System.nanoTime();
            for (double done = settings.done(progress); done < 1; done = settings.done(progress)) {
                long start = System.nanoTime();
                double rate = Schedule.meta(settings.learningRate(), done);
                List<TrainingRow> batch = stream.next();
                double loss = learner.step(batch, rate);
                long end = System.nanoTime();
                progress = new Progress(
                        progress.steps() + 1, progress.tokens() + padded(batch), progress.nanos() + end - start);
                listener.stepDone(progress, settings.done(progress), loss, rate);
                if (end - saved > savedEvery.toNanos()) {
                    save(learner, new TrainingState(recipe, progress, stream.position()), listener);
                    saved = System.nanoTime();
                }
                listener.betweenSteps(learner);
            }
            writeCheckpoint(learner);
            TrainingState.delete(out);
        }
    }

    private TrainingState restore(Learner learner) throws IOException, CheckpointException {
        if (!TrainingState.exists(out)) {
            throw new CheckpointException("there is no run to go on with in " + out);
        }
        TrainingState state = TrainingState.restore(out, learner);
        if (!state.recipe().equals(recipe)) {
            throw new CheckpointException("the run in " + out + " was begun with other settings: " + state.recipe()
                    + ", not " + recipe);
        }
        return state;
    }

    private void save(Learner learner, TrainingState state, Listener listener) throws IOException {
        Files.createDirectories(out);
        state.save(out, learner);
        writeCheckpoint(learner);
        listener.saved(state.progress());
    }

    private void writeCheckpoint(Learner learner) throws IOException {
        CheckpointWriter.write(out, backbone.json(), backbone.tokenizer(), learner.weights(ElementType.F16));
    }

    private static long padded(List<TrainingRow> batch) {
        return (long) batch.size() * batch.stream().mapToInt(TrainingRow::length).max().orElse(0);
    }
}
