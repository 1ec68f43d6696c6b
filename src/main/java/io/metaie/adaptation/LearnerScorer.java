package io.metaie.adaptation;

import io.metaie.evaluation.Evaluator;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Scores;
import io.metaie.tagging.WordEncoder;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks the learner itself, on the thread that owns it. */
public final class LearnerScorer implements Scorer {

    private final WordEncoder encoder;
    private final double threshold;

    /** @param threshold spans with a lower score are left out */
    public LearnerScorer(WordEncoder encoder, double threshold) {
        this.encoder = encoder;
        this.threshold = threshold;
    }

    @Override
    public void count(Learner learner, List<Example> sentences, Scores.Tally tally) {
        new Evaluator(encoder, queries -> CompletableFuture.completedFuture(learner.tag(queries)), threshold)
                .count(sentences.iterator(), tally, done -> {});
    }
}
