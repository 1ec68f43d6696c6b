package io.metaie.adaptation;

import io.metaie.evaluation.Scores;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches F1 on held out sentences while a model learns, and says when more steps no longer pay: when the best of the
 * rounds so far, better than before learning, is {@value #PATIENCE} rounds old. Where nothing gets better than before,
 * it waits to the end.
 */
final class EarlyStopping {

    /** So many rounds may pass without anything better. */
    static final int PATIENCE = 3;

    private final double before;
    private final List<Scores> rounds = new ArrayList<>();
    private int best;

    /** @param before what the weights in force until now score */
    EarlyStopping(Scores before) {
        this.before = before.micro().f1();
    }

    /** Takes the scores of the next round. */
    void add(Scores scores) {
        rounds.add(scores);
        if (f1(rounds.size() - 1) > f1(best)) {
            best = rounds.size() - 1;
        }
    }

    /** Whether to learn no further. */
    boolean isOver() {
        return !rounds.isEmpty() && f1(best) > before && rounds.size() - 1 - best >= PATIENCE;
    }

    /** The number of the best round, from 0; the earliest of those alike. */
    int best() {
        return best;
    }

    /** The scores of the best round. */
    Scores scores() {
        return rounds.get(best);
    }

    private double f1(int round) {
        return rounds.get(round).micro().f1();
    }
}
