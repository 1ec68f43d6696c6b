package io.metaie.adaptation;

import io.metaie.evaluation.Evaluator;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Scores;
import io.metaie.evaluation.Selection;
import io.metaie.tagging.WordEncoder;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks the learner itself, on the thread that owns it. */
public final class LearnerScorer implements Scorer {

    private final WordEncoder encoder;
    private final Selection selection;

    /** @param selection which of the spans found count */
    public LearnerScorer(WordEncoder encoder, Selection selection) {
        this.encoder = encoder;
        this.selection = selection;
    }

    @Override
    public void count(Learner learner, List<Example> sentences, Scores.Tally tally) {
        new Evaluator(encoder, queries -> CompletableFuture.completedFuture(learner.tag(queries)), selection)
                .count(sentences.iterator(), tally, done -> {});
    }
}
