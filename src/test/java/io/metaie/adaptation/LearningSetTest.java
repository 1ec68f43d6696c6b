package io.metaie.adaptation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.extraction.LabelsJson;
import io.metaie.label.LabelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearningSetTest {

    private static final LabelSet LABELS =
            LabelsJson.parse("[\"Rocket\",\"Person\",{\"name\":\"launched by\",\"of\":\"Rocket\"}]");

    @Test
    void cutsTextsAsTheServiceDoes() {
        LearningSet set = learn("{'text': 'Ariane flew. Vega did not.', 'spans': [{'label': 'Rocket', 'text': 'Vega'}]}");
        assertEquals(List.of("Ariane flew.", "Vega did not."), set.sentences().stream().map(Example::text).toList());
        assertEquals(List.of(), texts(set, 0));
        assertEquals(List.of("Rocket Vega"), texts(set, 1));
        assertEquals(List.of(), set.warnings());
    }

    @Test
    void spansAreWidenedToWords() {
        LearningSet set = learn("{'text': '\\ud83d\\ude80 Ariane flew.', 'spans': [{'label': 'Rocket', 'start': 2, 'end': 5}]}");
        assertEquals(List.of("Rocket Ariane"), texts(set, 0));
        assertEquals(List.of("examples[0]: the span at [2,5] begins or ends inside a word and is widened to [2,8]"),
                set.warnings());
    }

    @Test
    void spansWithoutWordsAreLeftOut() {
        LearningSet set = learn("{'text': 'Ariane  flew.', 'spans': [{'label': 'Rocket', 'start': 6, 'end': 8}]}");
        assertFalse(set.hasSpans());
        assertEquals(1, set.warnings().size());
    }

    @Test
    void ofOverlappingSpansOfOneLabelTheFirstStays() {
        LearningSet set = learn("{'text': 'Ariane 6 flew.', 'spans': [{'label': 'Rocket', 'start': 7, 'end': 8},"
                + " {'label': 'Rocket', 'start': 0, 'end': 8}, {'label': 'Person', 'start': 0, 'end': 6}]}");
        assertEquals(List.of("Rocket Ariane 6", "Person Ariane"), texts(set, 0));
        assertTrue(set.warnings().get(0).contains("[7,8] overlaps another one of label \"Rocket\""), set.warnings().toString());
    }

    @Test
    void sentencesThatShareASpanStayTogether() {
        LearningSet set = learn("{'text': 'It rose. It fell. Ariane flew.', 'spans': [{'label': 'Rocket', 'start': 9, 'end': 24}]}");
        assertEquals(List.of("It rose.", "It fell. Ariane flew."), set.sentences().stream().map(Example::text).toList());
        assertEquals(1, set.warnings().size());
    }

    @Test
    void headAndDependentStayTogether() {
        LearningSet set = learn("{'text': 'Ariane flew. Kourou is hot. ESA built it.', 'spans': ["
                + "{'id': 'r', 'label': 'Rocket', 'text': 'Ariane'}, {'label': 'launched by', 'of': 'r', 'text': 'ESA'}]}");
        assertEquals(1, set.sentences().size());
        assertEquals(List.of("Rocket Ariane", "launched by ESA of Ariane"), texts(set, 0));
    }

    @Test
    void whatIsAboutASpanLeftOutIsLeftOutToo() {
        LearningSet set = learn("{'text': 'Ariane 6 of ESA', 'spans': [{'label': 'Rocket', 'start': 0, 'end': 8},"
                + " {'id': 'r', 'label': 'Rocket', 'start': 7, 'end': 8}, {'label': 'launched by', 'of': 'r', 'text': 'ESA'}]}");
        assertEquals(List.of("Rocket Ariane 6"), texts(set, 0));
    }

    @Test
    void contradictionsAreWarnedOf() {
        String rocket = "{'text': 'Ariane flew.', 'spans': [{'label': 'Rocket', 'text': 'Ariane'}]}";
        String person = "{'text': 'Ariane flew.', 'spans': [{'label': 'Person', 'text': 'Ariane'}]}";
        LearningSet set = learn(rocket, rocket, person);
        assertEquals(List.of(
                "examples[2]: label \"Rocket\" has other spans in the same sentence than in examples[0]",
                "examples[2]: label \"Person\" has other spans in the same sentence than in examples[0]"), set.warnings());
    }

    @Test
    void blankTextsTeachNothing() {
        assertEquals(List.of(), learn("{'text': '  '}").sentences());
    }

    @Test
    void faultsAreListedWithTheirPlaces() {
        List<JsonNode> records = new ArrayList<>(List.of(
                json("{'text': 'Ariane flew.', 'spans': [{'label': 'Rocket', 'text': 'Ariane'}]}"),
                json("{'text': 'Ariane flew.', 'spans': [{'label': 'Rocket', 'text': 'Vega'}]}"),
                json("{'text': 'Ariane flew.', 'spans': [{'label': 'Rocket', 'start': 2, 'end': 999}]}"),
                json("{'text': 'Ariane flew.', 'labels': ['Ship']}")));
        GivenExamples given = GivenExamples.read(records, LABELS);
        assertEquals(List.of(0), given.examples().stream().map(NumberedExample::number).toList());
        assertEquals("examples[1]: spans[0]: the text does not hold \"Vega\"; examples[2]: spans[0]: [2,999] is no stretch of"
                + " a text of 12 code points; examples[3]: label \"Ship\" is not among the task's", given.reason());
        records.addAll(IntStream.range(0, 40).mapToObj(i -> json("{}")).toList());
        assertTrue(GivenExamples.read(records, LABELS).reason().endsWith("; and 23 more"));
    }

    private static LearningSet learn(String... records) {
        GivenExamples given = GivenExamples.read(List.of(records).stream().map(LearningSetTest::json).toList(), LABELS);
        assertEquals(List.of(), given.faults());
        return LearningSet.of(given.examples());
    }

    static JsonNode json(String record) {
        try {
            return new ObjectMapper().readTree(record.replace('\'', '"'));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> texts(LearningSet set, int sentence) {
        Example example = set.sentences().get(sentence);
        return example.spans().stream()
                .map(span -> span.label().name() + " " + text(example, span)
                        + span.head().map(head -> " of " + text(example, head)).orElse(""))
                .toList();
    }

    private static String text(Example example, LabelledSpan span) {
        return example.text().substring(span.start(), span.end());
    }
}
