package io.metaie.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.metaie.label.InvalidLabelsException;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.BatchObserver;
import io.metaie.tagging.BatchSettings;
import io.metaie.tagging.FakeEncoder;
import io.metaie.tagging.FakeTagger;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Query;
import io.metaie.tagging.Source;
import io.metaie.tagging.Tag;
import io.metaie.tagging.TaggerException;
import io.metaie.tagging.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class EvaluatorTest {

    private static final Label PERSON = Label.named("Person");
    private static final Label WORKS_FOR = Label.of("works for", "Person");

    /** Knows by heart which words belong to which label, and is half sure of it. */
    private static final Map<String, String> KNOWN = Map.of(
            "Person", "Ada Alan", "Ada", "Acme", "Alan", "Acme", "Acme", "left");

    private static Tags answer(Query query) {
        String begins = KNOWN.keySet().stream().filter(k -> query.tokens()[1] == FakeEncoder.idOf(k)).findFirst().orElse("");
        List<Integer> wanted = new ArrayList<>();
        for (String word : KNOWN.getOrDefault(begins, "").split(" ")) {
            wanted.add(FakeEncoder.idOf(word));
        }
        Tags tags = FakeTagger.answer(query, i -> wanted.contains(query.tokens()[query.firsts()[i]]) ? Tag.B : Tag.O);
        Arrays.fill(tags.probabilities(), 0.5f);
        return tags;
    }

    private static Scores evaluate(FakeTagger tagger, Selection selection, List<Example> examples, List<Long> progress) {
        BatchSettings settings = new BatchSettings(2, 512, 256, Duration.ofMillis(1));
        try (MicroBatcher batcher = new MicroBatcher(tagger, settings, BatchObserver.NONE)) {
            return new Evaluator(new FakeEncoder(64), batcher, new Source("test", false), Adapter.NONE, selection)
                    .evaluate(examples.iterator(), progress::add);
        }
    }

    private static Scores evaluate(Example... examples) {
        return evaluate(new FakeTagger(EvaluatorTest::answer), Selection.ALL, List.of(examples), new ArrayList<>());
    }

    private static LabelledSpan span(Label label, int start, int end) {
        return new LabelledSpan(label, start, end, Optional.empty());
    }

    @Test
    void asksEveryLabelOfTheWholeExample() {
        LabelSet labels = LabelSet.of(List.of(PERSON, Label.named("City")));
        Scores scores = evaluate(
                new Example("Ada left. Alan stayed.", labels, List.of(span(PERSON, 0, 3), span(PERSON, 10, 14))),
                new Example("Grace met Ada.", labels, List.of(span(PERSON, 0, 5))));
        assertEquals(new Score(2 / 3.0, 2 / 3.0, 2 / 3.0, 3), scores.labels().get("Person"));
        assertEquals(new Score(0, 0, 0, 0), scores.labels().get("City"));
    }

    @Test
    void spansInsideWordsAreMissedAndSaidToBeUnreachable() {
        Scores scores = evaluate(new Example("Ada Adamant", LabelSet.of(List.of(PERSON)),
                List.of(span(PERSON, 0, 3), span(PERSON, 4, 7))));
        assertEquals(1, scores.unreachable());
        assertEquals(new Score(1, 0.5, 2 / 3.0, 2), scores.micro());
    }

    @Test
    void asksAboutTheHeadsFound() {
        LabelledSpan ada = span(PERSON, 0, 3);
        LabelledSpan acme = new LabelledSpan(WORKS_FOR, 14, 18, Optional.of(ada));
        Scores scores = evaluate(new Example("Ada works for Acme with Alan", LabelSet.of(List.of(PERSON, WORKS_FOR)),
                List.of(ada, acme)));
        assertEquals(new Score(0.5, 1, 2 / 3.0, 1), scores.labels().get("Person"));
        assertEquals(new Score(0.5, 1, 2 / 3.0, 1), scores.labels().get("works for"));
    }

    @Test
    void thresholdLeavesOutWhatIsLessSure() {
        List<Example> examples = List.of(new Example("Ada", LabelSet.of(List.of(PERSON)), List.of(span(PERSON, 0, 3))));
        FakeTagger tagger = new FakeTagger(EvaluatorTest::answer);
        assertEquals(1, evaluate(tagger, new Selection(0.5, false), examples, new ArrayList<>()).micro().recall());
        assertEquals(0, evaluate(tagger, new Selection(0.6, false), examples, new ArrayList<>()).micro().recall());
    }

    /** All are half sure: what was found first stays, and what hangs on a span goes with it. */
    @Test
    void labelsThatExcludeOneAnotherAreScoredByWhatStays() {
        Label first = Label.named("Alan"); // finds Acme
        Label second = Label.named("Ada"); // finds Acme, too
        Label ofSecond = Label.of("does", "Ada"); // finds what Acme did
        LabelSet labels = LabelSet.of(List.of(first, second, ofSecond));
        List<Example> examples = List.of(new Example("Acme left", labels, List.of(span(first, 0, 4))));
        FakeTagger tagger = new FakeTagger(EvaluatorTest::answer);
        assertEquals(1 / 3.0, evaluate(tagger, Selection.ALL, examples, new ArrayList<>()).micro().precision());
        assertEquals(new Score(1, 1, 1, 1),
                evaluate(tagger, new Selection(0, true), examples, new ArrayList<>()).micro());
    }

    @Test
    void textWithoutWordsIsCounted() {
        Scores scores = evaluate(new Example(" \u200b", LabelSet.of(List.of(PERSON)), List.of()));
        assertEquals(0, scores.micro().support());
    }

    @Test
    void longTextsAreReadInWindows() {
        String text = "word ".repeat(200) + "Ada";
        assertEquals(1, evaluate(new Example(text, LabelSet.of(List.of(PERSON)),
                List.of(span(PERSON, 1000, 1003)))).micro().f1());
    }

    @Test
    void manyExamplesAreEvaluatedInRounds() {
        List<Long> progress = new ArrayList<>();
        Example example = new Example("Ada", LabelSet.of(List.of(PERSON)), List.of(span(PERSON, 0, 3)));
        Scores scores = evaluate(
                new FakeTagger(EvaluatorTest::answer), Selection.ALL, Collections.nCopies(10_000, example), progress);
        assertEquals(new Score(1, 1, 1, 10_000), scores.micro());
        assertEquals(10_000, progress.get(progress.size() - 1));
        assertEquals(progress.stream().sorted().toList(), progress);
    }

    @Test
    void aFailingTaggerEndsIt() {
        FakeTagger tagger = FakeTagger.outside().before(queries -> {
            throw new TaggerException("no device", true, null);
        });
        List<Example> examples = List.of(new Example("Ada", LabelSet.of(List.of(PERSON)), List.of()));
        assertThrows(CompletionException.class, () -> evaluate(tagger, Selection.ALL, examples, new ArrayList<>()));
    }

    @Test
    void aLabelThatLeavesNoRoomIsRefused() {
        LabelSet labels = LabelSet.of(List.of(Label.named("very ".repeat(50) + "long")));
        assertThrows(InvalidLabelsException.class, () -> evaluate(new Example("Ada", labels, List.of())));
    }
}
