package io.metaie.adaptation;

import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Scores;
import io.metaie.tagging.WordEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        Progress progress = new Progress(listener);
        int steps = options.steps(all.size(), all.size());
        Optional<Comparison> comparison = Optional.empty();
        if (!folds.isEmpty()) {
            List<Example> held = folds.stream().flatMap(fold -> fold.held().stream()).toList();
            Scores now = scores(before, options, held);
            Validation.Outcome outcome = validate(folds, all.size(), now, options, progress);
            steps = AdaptationOptions.part(steps, outcome.share());
            comparison = Optional.of(new Comparison(now, outcome.scores(), held.size()));
        }
        T model = fit(all, steps, options, progress, take);
        Verdict verdict = Gate.judge(options.activation(), comparison, whyNot(set, options));
        return new AdaptationResult<>(model, comparison, verdict, Duration.ofNanos(System.nanoTime() - start));
    }

    private static String whyNot(LearningSet set, AdaptationOptions options) {
        if (options.holdout().isPresent() && options.holdout().getAsDouble() == 0) {
            return "no examples were to be held out";
        }
        return "too few examples (" + set.sentences().size() + " sentences with " + set.spans() + " spans)";
    }

    private Scores scores(Optional<AdapterFile> before, AdaptationOptions options, List<Example> held) {
        Scores.Tally tally = new Scores.Tally();
        try (Learner learner = asBefore(before, options)) {
            scorer.count(learner, held, tally);
        }
        return tally.scores();
    }

    private Validation.Outcome validate(List<Fold> folds, int allRows, Scores before, AdaptationOptions options,
            Progress progress) throws TrainingFailedException {
        List<Validation.Course> courses = new ArrayList<>();
        int epochs = AdaptationOptions.epochs(options.steps(allRows, allRows), allRows);
        for (Fold fold : folds) {
            List<TrainingRow> learned = rows.of(fold.learned());
            int steps = options.steps(learned.size(), allRows);
            epochs += AdaptationOptions.epochs(steps, learned.size());
            courses.add(new Validation.Course(
                    new Fit(learned, steps, options.rate(), options.seed()), steps, fold.held()));
        }
        progress.expect(epochs);
        try (Learner learner = learner(options.method(), options)) {
            return new Validation(scorer, options.measuredAt()).run(learner, courses, before, progress);
        }
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
    private <T> T fit(List<TrainingRow> rows, int steps, AdaptationOptions options, Progress progress,
            Function<Learner, T> take) throws TrainingFailedException {
        progress.expect(AdaptationOptions.epochs(steps, rows.size()));
        try (Learner learner = learner(options.method(), options)) {
            new Fit(rows, steps, options.rate(), options.seed()).run(learner, progress);
            Rounding.apply(learner);
            return take.apply(learner);
        }
    }

    private Learner learner(Method method, AdaptationOptions options) {
        return trainer.learner(checkpoint.config(), checkpoint::tensor, LearnerSettings.of(method, options.seed()));
    }

    /** Epochs of all fits, counted through. */
    private static final class Progress implements Fit.Listener {

        private final AdaptationListener listener;
        private int epoch;
        private int epochs;

        Progress(AdaptationListener listener) {
            this.listener = listener;
        }

        /** Sets how many more epochs there will be at most. */
        void expect(int more) {
            epochs = epoch + more;
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
