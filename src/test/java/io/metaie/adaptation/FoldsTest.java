package io.metaie.adaptation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {

    private static final Label COMMON = Label.named("common");
    private static final Label RARE = Label.named("rare");
    private static final LabelSet LABELS = LabelSet.of(List.of(COMMON, RARE));

    @Test
    void manySentencesGiveOneFoldWithAFifthHeldOut() {
        List<Fold> folds = Folds.of(sentences(50), OptionalDouble.empty(), 1);
        assertEquals(1, folds.size());
        assertEquals(10, folds.get(0).held().size());
        assertEquals(40, folds.get(0).learned().size());
    }

    @Test
    void fewSentencesAreEachHeldOutOnce() {
        List<Example> sentences = sentences(20);
        List<Fold> folds = Folds.of(sentences, OptionalDouble.empty(), 1);
        assertEquals(3, folds.size());
        List<Example> held = folds.stream().flatMap(fold -> fold.held().stream()).toList();
        assertEquals(20, held.size());
        assertEquals(new HashSet<>(sentences), new HashSet<>(held));
        for (Fold fold : folds) {
            assertEquals(20, fold.held().size() + fold.learned().size());
            assertTrue(fold.held().size() >= 6, "parts are about equal");
        }
    }

    @Test
    void rareLabelsStandInEveryPart() {
        for (long seed = 0; seed < 20; seed++) {
            for (Fold fold : Folds.of(sentences(24), OptionalDouble.empty(), seed)) {
                assertEquals(1, fold.held().stream().filter(FoldsTest::hasRare).count(), "seed " + seed);
            }
        }
    }

    @Test
    void withLessThanEightNothingIsMeasured() {
        assertEquals(List.of(), Folds.of(sentences(7), OptionalDouble.empty(), 1));
        assertEquals(3, Folds.of(sentences(8), OptionalDouble.empty(), 1).size());
    }

    @Test
    void shareAskedForIsHeldOut() {
        Fold fold = Folds.of(sentences(20), OptionalDouble.of(0.4), 1).get(0);
        assertEquals(8, fold.held().size());
        assertEquals(List.of(), Folds.of(sentences(100), OptionalDouble.of(0), 1));
    }

    /** One example, and a share that leaves nothing to learn from or nothing to find. */
    @Test
    void foldsThatCanSayNothingAreNone() {
        assertEquals(List.of(), Folds.of(sentences(1), OptionalDouble.of(0.2), 1));
        List<Example> negatives = IntStream.range(0, 30).mapToObj(i -> sentence("none " + i)).toList();
        List<Example> one = new ArrayList<>(negatives);
        one.add(sentence("one", COMMON));
        assertEquals(List.of(), Folds.of(one, OptionalDouble.empty(), 1));
    }

    @Test
    void sameSentenceNeverStandsOnBothSides() {
        List<Example> sentences = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            sentences.add(sentence("text " + i % 10, i % 2 == 0 ? COMMON : RARE));
        }
        for (Fold fold : Folds.of(sentences, OptionalDouble.empty(), 3)) {
            Set<String> learned = fold.learned().stream().map(Example::text).collect(Collectors.toSet());
            assertTrue(fold.held().stream().noneMatch(held -> learned.contains(held.text())));
        }
    }

    @Test
    void sameSeedSameFolds() {
        assertEquals(Folds.of(sentences(30), OptionalDouble.empty(), 5), Folds.of(sentences(30), OptionalDouble.empty(), 5));
    }

    /** Every one has a common span, every eighth a rare one. */
    private static List<Example> sentences(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> i % 8 == 0 ? sentence("text " + i, COMMON, RARE) : sentence("text " + i, COMMON))
                .toList();
    }

    private static Example sentence(String text, Label... labels) {
        return new Example(text, LABELS,
                List.of(labels).stream().map(label -> new LabelledSpan(label, 0, 4, Optional.empty())).toList());
    }

    private static boolean hasRare(Example sentence) {
        return sentence.spans().stream().anyMatch(span -> span.label().equals(RARE));
    }
}
