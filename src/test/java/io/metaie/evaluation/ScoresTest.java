package io.metaie.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.label.Label;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScoresTest {

    private static LabelledSpan span(String label, int start, int end) {
        return new LabelledSpan(Label.named(label), start, end, Optional.empty());
    }

    @Test
    void countsExactMatchesOnly() {
        Scores.Tally tally = new Scores.Tally();
        tally.asked("Person");
        tally.asked("City");
        tally.asked("Never");
        tally.add(Set.of(span("Person", 0, 3), span("Person", 9, 12), span("City", 20, 24)),
                Set.of(span("Person", 0, 3), span("Person", 9, 13), span("Person", 20, 24)));
        tally.add(Set.of(span("City", 0, 3)), Set.of(span("City", 0, 3)));
        tally.unreachable(1);
        Scores scores = tally.scores();
        assertEquals(List.of("Person", "City", "Never"), List.copyOf(scores.labels().keySet()));
        assertEquals(new Score(1 / 3.0, 1 / 2.0, 0.4, 2), scores.labels().get("Person"));
        assertEquals(new Score(1, 1 / 2.0, 2 / 3.0, 2), scores.labels().get("City"));
        assertEquals(new Score(0, 0, 0, 0), scores.labels().get("Never"));
        assertEquals(0.5, scores.micro().precision(), 1e-12);
        assertEquals(0.5, scores.micro().recall(), 1e-12);
        assertEquals(0.5, scores.micro().f1(), 1e-12);
        assertEquals(4, scores.micro().support());
        assertEquals((1 / 3.0 + 1) / 2, scores.macro().precision(), 1e-12);
        assertEquals((0.4 + 2 / 3.0) / 2, scores.macro().f1(), 1e-12);
        assertEquals(1, scores.unreachable());
    }

    @Test
    void ofNothingAreZeros() {
        Scores scores = new Scores.Tally().scores();
        assertEquals(new Score(0, 0, 0, 0), scores.micro());
        assertEquals(new Score(0, 0, 0, 0), scores.macro());
    }

    @Test
    void aSpanAboutTheWrongHeadIsWrong() {
        Label worksFor = Label.of("works for", "Person");
        LabelledSpan ada = span("Person", 0, 3);
        LabelledSpan alan = span("Person", 9, 12);
        LabelledSpan gold = new LabelledSpan(worksFor, 20, 24, Optional.of(ada));
        Scores.Tally tally = new Scores.Tally();
        tally.add(Set.of(gold), Set.of(new LabelledSpan(worksFor, 20, 24, Optional.of(alan))));
        assertEquals(0, tally.scores().micro().f1());
        tally.add(Set.of(gold), Set.of(new LabelledSpan(worksFor, 20, 24, Optional.of(ada))));
        assertEquals(0.5, tally.scores().micro().f1());
    }
}
