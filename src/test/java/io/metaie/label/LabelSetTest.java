package io.metaie.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSetTest {

    @Test
    void namesAreTrimmedAndCollapsed() {
        assertEquals("works for", Label.named(" works \t\u00a0 for\n").name());
        assertEquals("{span} works for", Label.of(" works  for ", "Person ").prompt());
        assertEquals(Optional.of("Person"), Label.of("works for", "Person ").of());
    }

    @Test
    void repeatsAreAnsweredOnceWithOneWarning() {
        LabelSet set = named("Person", "City", " Person ", "Person");
        assertEquals(List.of("Person", "City"), names(set.labels()));
        assertEquals(1, set.warnings().size());
        assertTrue(set.warnings().get(0).contains("\"Person\""));
    }

    @Test
    void caseAndHeadMakeLabelsDifferent() {
        LabelSet set = LabelSet.of(List.of(Label.named("Person"), Label.named("person"),
                Label.named("place"), Label.of("place", "Person")));
        assertEquals(4, set.labels().size());
        assertEquals(List.of(), set.warnings());
        assertEquals(3, set.roots().size());
    }

    @Test
    void dependentsAreAskedOfEveryLabelOfThatName() {
        LabelSet set = LabelSet.of(List.of(Label.named("A"), Label.of("B", "A"), Label.of("C", "B"), Label.of("B2", "A")));
        assertEquals(List.of("B", "B2"), names(set.dependents(set.labels().get(0))));
        assertEquals(List.of("C"), names(set.dependents(set.labels().get(1))));
        assertEquals(List.of(), set.dependents(set.labels().get(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\u200b", "\u0000\u0001"})
    void aNameThatCannotBeSeenIsNone(String name) {
        assertInvalid("without a name", Label.named(name));
    }

    @Test
    void longNamesAreCountedInCodePoints() {
        named("🚀".repeat(256));
        assertInvalid("257 code points", Label.named("🚀".repeat(257)));
    }

    @Test
    void unknownHeadsCyclesAndDeepChainsAreRefused() {
        assertInvalid("not among", Label.of("B", "A"));
        assertInvalid("cycle", Label.of("A", "A"));
        assertInvalid("cycle", Label.of("A", "B"), Label.of("B", "A"));
        assertInvalid("deeper", Label.named("1"), Label.of("2", "1"), Label.of("3", "2"), Label.of("4", "3"),
                Label.of("5", "4"));
        LabelSet.of(List.of(Label.named("1"), Label.of("2", "1"), Label.of("3", "2"), Label.of("4", "3")));
    }

    @Test
    void aChainOfAThousandIsRefusedWithoutExhaustingTheStack() {
        List<Label> chain = new ArrayList<>(List.of(Label.named("0")));
        IntStream.range(1, 1000).forEach(i -> chain.add(Label.of("" + i, "" + (i - 1))));
        Collections.reverse(chain);
        assertInvalid("deeper", chain.toArray(Label[]::new));
    }

    @Test
    void aThousandLabelsAreTheMost() {
        LabelSet.of(IntStream.range(0, 1000).mapToObj(i -> Label.named("L" + i)).toList());
        assertInvalid("1001", IntStream.range(0, 1001).mapToObj(i -> Label.named("L" + i)).toArray(Label[]::new));
    }

    @Test
    void promptsAboutAHeadNeedItsPlace() {
        assertInvalid("lacks {span}", Label.named("A"), new Label("B", Optional.of("A"), "works for"));
        assertInvalid("no \"of\"", new Label("B", Optional.empty(), "{span} works for"));
    }

    @Test
    void theHeadIsLiteral() {
        assertEquals("{span} $1 \\ works for", Label.of("works for", "Person").promptFor("{span} $1 \\"));
    }

    private static LabelSet named(String... names) {
        return LabelSet.of(List.of(names).stream().map(Label::named).toList());
    }

    private static List<String> names(List<Label> labels) {
        return labels.stream().map(Label::name).toList();
    }

    private static void assertInvalid(String part, Label... labels) {
        String message = assertThrows(InvalidLabelsException.class, () -> LabelSet.of(List.of(labels))).getMessage();
        assertTrue(message.contains(part), message);
    }
}
