package io.metaie.adaptation;

import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Scores;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures what learning from the sentences of each fold brings on those held out of it, and how much of it is best.
 *
 * <p>The folds learn side by side, a round each in turn, and after every round all held out sentences are counted
 * together: the spans of a single fold are too few to stop by. One learner takes the folds' states in turns, so the
 * model lies in memory once.
 */
final class Validation {

    private final Scorer scorer;
    private final List<Double> shares;

    /** @param shares how much of a fit is over when it is interrupted to measure, each above 0 to 1, ascending */
    Validation(Scorer scorer, List<Double> shares) {
        this.scorer = scorer;
        this.shares = List.copyOf(shares);
    }

    /**
     * What was found.
     *
     * @param scores over all held out sentences, after the best round
     * @param share how much of a fit was over then
     */
    record Outcome(Scores scores, double share) {}

    /** A fold while it is learned from. */
    static final class Course {

        private final Fit fit;
        private final int steps;
        private final List<Example> held;
        private Map<String, StoredTensor> state = Map.of();

        /** @param steps how many a whole fit takes */
        Course(Fit fit, int steps, List<Example> held) {
            this.fit = fit;
            this.steps = steps;
            this.held = held;
        }
    }

    /**
     * Learns and measures.
     *
     * @param learner has learned nothing yet
     * @param before the scores of the weights in force until now
     */
    Outcome run(Learner learner, List<Course> courses, Scores before, Fit.Listener listener)
            throws TrainingFailedException {
        EarlyStopping stopping = new EarlyStopping(before);
        Map<String, StoredTensor> fresh = copy(learner.state());
        courses.forEach(course -> course.state = fresh);
        for (int round = 0; round < shares.size() && !stopping.isOver(); round++) {
            Scores.Tally tally = new Scores.Tally();
            for (Course course : courses) {
                learner.resume(course.state::get, course.fit.taken());
                course.fit.advance(learner, AdaptationOptions.part(course.steps, shares.get(round)), listener);
                course.state = copy(learner.state());
                Rounding.apply(learner);
                scorer.count(learner, course.held, tally);
            }
            stopping.add(tally.scores());
        }
        return new Outcome(stopping.scores(), shares.get(stopping.best()));
    }

    private static Map<String, StoredTensor> copy(List<Entry> entries) {
        Map<String, StoredTensor> copies = new HashMap<>();
        entries.forEach(entry -> copies.put(entry.name(), entry.copy()));
        return copies;
    }
}
