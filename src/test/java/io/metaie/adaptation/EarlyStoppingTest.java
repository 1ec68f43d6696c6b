package io.metaie.adaptation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.evaluation.Score;
import io.metaie.evaluation.Scores;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {

    @Test
    void overWhenTheBestIsThreeRoundsOld() {
        EarlyStopping stopping = after(0.3, 0.2, 0.5, 0.4, 0.5);
        assertFalse(stopping.isOver());
        stopping.add(scores(0.45));
        assertTrue(stopping.isOver());
        assertEquals(1, stopping.best(), "the earliest of those alike");
        assertEquals(0.5, stopping.scores().micro().f1());
    }

    @Test
    void aLateBestIsWaitedFor() {
        EarlyStopping stopping = after(0.3, 0.4, 0.35, 0.35, 0.45, 0.4, 0.4);
        assertFalse(stopping.isOver());
        assertEquals(3, stopping.best());
    }

    @Test
    void whatIsNotBetterThanBeforeGetsAllItsRounds() {
        EarlyStopping stopping = after(0.3, 0.3, 0.2, 0.1, 0.1, 0.2, 0.1, 0.1);
        assertFalse(stopping.isOver());
        stopping.add(scores(0.31));
        assertFalse(stopping.isOver());
        assertEquals(7, stopping.best());
    }

    @Test
    void notOverBeforeTheFirstRound() {
        assertFalse(after(0.3).isOver());
    }

    private static EarlyStopping after(double before, double... rounds) {
        EarlyStopping stopping = new EarlyStopping(scores(before));
        for (double round : rounds) {
            stopping.add(scores(round));
        }
        return stopping;
    }

    private static Scores scores(double f1) {
        Score score = new Score(f1, f1, f1, 10);
        return new Scores(score, score, Map.of(), 0);
    }
}
