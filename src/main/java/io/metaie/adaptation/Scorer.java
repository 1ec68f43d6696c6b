package io.metaie.adaptation;

import io.metaie.evaluation.Example;
import io.metaie.evaluation.Scores;
import java.util.List;

/** Measures a model with the weights it has been trained to. */
@FunctionalInterface
public interface Scorer {

    /**
     * Counts what a model finds in sentences.
     *
     * @param learner its weights are what they are stored as
     * @param tally takes the counts
     */
    void count(Learner learner, List<Example> sentences, Scores.Tally tally);
}
