package io.metaie.adaptation;

import io.metaie.evaluation.Scores;
import java.util.Locale;

/**
 * What was measured on sentences that were not learned from.
 *
 * @param before with the weights in force until now
 * @param after with the adapted ones, rounded as they are stored
 * @param sentences how many sentences
 */
public record Comparison(Scores before, Scores after, int sentences) {

    boolean isBetter() {
        return after.micro().f1() > before.micro().f1();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "F1 %.2f before, %.2f after, on %d sentences not learned from",
                100 * before.micro().f1(), 100 * after.micro().f1(), sentences);
    }
}
