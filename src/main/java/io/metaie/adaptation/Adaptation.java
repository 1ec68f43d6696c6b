package io.metaie.adaptation;

import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Scores;
import io.metaie.tagging.WordEncoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * Adapts a model to a task by a few examples: measures on sentences that are held out whether learning from the others
 * helps, then learns from all. Everything runs on the thread that calls.
 */
public final class Adaptation {

    private final Trainer trainer;
    private final Checkpoint checkpoint;
    private final TrainingRows rows;
    private final Scorer scorer;

    /** @param encoder of the checkpoint's words */
    public Adaptation(Trainer trainer, Checkpoint checkpoint, WordEncoder encoder, Scorer scorer) {
        this.trainer = trainer;
        this.checkpoint = checkpoint;
        this.rows = new TrainingRows(encoder);
        this.scorer = scorer;
    }

    /**
     * Adapts.
     *
     * @param before the weights in force until now; none is the meta-model itself
     * @param take makes what is wanted of the final weights
     * @throws TrainingFailedException when the loss becomes no number
     * @throws CancellationException when the listener says so
     * @throws io.metaie.label.InvalidLabelsException when a label leaves no room for a sentence
     */
    public <T> AdaptationResult<T> run(LearningSet set, AdaptationOptions options, Optional<AdapterFile> before,
            AdaptationListener listener, Function<Learner, T> take) throws TrainingFailedException {
        long start = System.nanoTime();
        List<Fold> folds = Folds.of(set.sentences(), options.holdout(), options.seed());
        List<TrainingRow> all = rows.of(set.sentences());
        List<List<TrainingRow>> learned = folds.stream().map(fold -> rows.of(fold.learned())).toList();
        Progress progress = new Progress(listener, options, all.size(), learned);
        Optional<Comparison> comparison =
                folds.isEmpty() ? Optional.empty() : Optional.of(compare(folds, learned, options, before, progress));
        T model = fit(all, options, progress, take);
        Verdict verdict = Gate.judge(options.activation(), comparison, whyNot(set, options));
        return new AdaptationResult<>(model, comparison, verdict, Duration.ofNanos(System.nanoTime() - start));
    }

    private static String whyNot(LearningSet set, AdaptationOptions options) {
        if (options.holdout().isPresent() && options.holdout().getAsDouble() == 0) {
            return "no examples were to be held out";
        }
        return "too few examples (" + set.sentences().size() + " sentences with " + set.spans() + " spans)";
    }

    private Comparison compare(List<Fold> folds, List<List<TrainingRow>> learned, AdaptationOptions options,
            Optional<AdapterFile> before, Progress progress) throws TrainingFailedException {
        List<Example> held = folds.stream().flatMap(fold -> fold.held().stream()).toList();
        Scores.Tally tallyBefore = new Scores.Tally();
        try (Learner learner = asBefore(before, options)) {
            scorer.count(learner, held, tallyBefore);
        }
        Scores.Tally tallyAfter = new Scores.Tally();
        for (int i = 0; i < folds.size(); i++) {
            List<Example> heldOut = folds.get(i).held();
            fit(learned.get(i), options, progress, learner -> {
                scorer.count(learner, heldOut, tallyAfter);
                return tallyAfter;
            });
        }
        return new Comparison(tallyBefore.scores(), tallyAfter.scores(), held.size());
    }

    private Learner asBefore(Optional<AdapterFile> before, AdaptationOptions options) {
        Method method = before
                .<Method>map(adapter -> new Method.Lora(adapter.description().rank(), adapter.description().alpha()))
                .orElseGet(() -> Method.Lora.ofRank(1)); // B is zero, so it is the meta-model
        Learner learner = learner(method, options);
        before.ifPresent(adapter -> learner.setWeights(adapter::tensor));
        return learner;
    }

    /** One fit from the meta-model on; the weights are rounded as they are stored before anything is made of them. */
    private <T> T fit(List<TrainingRow> rows, AdaptationOptions options, Progress progress, Function<Learner, T> take)
            throws TrainingFailedException {
        try (Learner learner = learner(options.method(), options)) {
            int steps = options.steps(rows.size(), progress.allRows);
            new Fit(rows, steps, options.rate(), options.seed()).run(learner, progress);
            round(learner);
            return take.apply(learner);
        }
    }

    private Learner learner(Method method, AdaptationOptions options) {
        return trainer.learner(checkpoint.config(), checkpoint::tensor, LearnerSettings.of(method, options.seed()));
    }

    private static void round(Learner learner) throws TrainingFailedException {
        Map<String, StoredTensor> rounded = new HashMap<>();
        for (Entry entry : learner.weights(ElementType.F16)) {
            StoredTensor tensor = new StoredTensor(entry.name(), entry.type(), entry.shape(), entry.data().get());
            if (!tensor.isFinite()) {
                throw new TrainingFailedException("the weights grew beyond what is stored (" + entry.name()
                        + "); a lower learning rate may help");
            }
            rounded.put(entry.name(), tensor);
        }
        learner.setWeights(rounded::get);
    }

    /** Epochs of all fits, counted through. */
    private static final class Progress implements Fit.Listener {

        private final AdaptationListener listener;
        private final int allRows;
        private final int epochs;
        private int epoch;

        Progress(AdaptationListener listener, AdaptationOptions options, int allRows, List<List<TrainingRow>> learned) {
            this.listener = listener;
            this.allRows = allRows;
            int count = AdaptationOptions.epochs(options.steps(allRows, allRows), allRows);
            for (List<TrainingRow> rows : learned) {
                count += AdaptationOptions.epochs(options.steps(rows.size(), allRows), rows.size());
            }
            this.epochs = count;
        }

        @Override
        public void epochDone(double loss) {
            listener.progress(++epoch, epochs, loss);
        }

        @Override
        public void stepBegins() {
            if (listener.isCancelled()) {
                throw new CancellationException("the adaptation was cancelled");
            }
        }
    }
}
