package io.metaie.adaptation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.extraction.LabelsJson;
import io.metaie.label.InvalidLabelsException;
import io.metaie.label.LabelSet;
import io.metaie.tagging.FakeEncoder;
import io.metaie.tagging.Tag;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingRowsTest {

    private static final LabelSet LABELS =
            LabelsJson.parse("[\"Rocket\",\"Person\",{\"name\":\"launched by\",\"of\":\"Rocket\"}]");
    private static final FakeEncoder ENCODER = new FakeEncoder(512);

    @Test
    void everyLabelIsAskedAndEveryHead() {
        List<TrainingRow> rows = rows(ENCODER, LABELS, "{'text': 'Ariane 6 of ESA flew.', 'spans': [{'id': 'r', 'label':"
                + " 'Rocket', 'text': 'Ariane 6'}, {'label': 'launched by', 'of': 'r', 'text': 'ESA'}]}");
        assertEquals(3, rows.size());
        assertRow(rows.get(0), "Rocket", "BIOOOO");
        assertRow(rows.get(1), "Person", "OOOOOO");
        assertRow(rows.get(2), "Ariane 6 launched by", "OOOBOO");
    }

    @Test
    void labelsNotAskedAreNotLearned() {
        List<TrainingRow> rows = rows(ENCODER, LABELS, "{'text': 'Ariane flew.', 'labels': ['Person']}");
        assertEquals(1, rows.size());
        assertRow(rows.get(0), "Person", "OOO");
    }

    /** A sentence longer than the model reads is learned in the windows it is asked in. */
    @Test
    void longSentencesAreLearnedInWindows() {
        String text = "a ".repeat(60) + "Ariane flew";
        List<TrainingRow> rows = rows(new FakeEncoder(40), LABELS,
                "{'text': '" + text + "', 'labels': ['Rocket'], 'spans': [{'label': 'Rocket', 'text': 'Ariane'}]}");
        assertTrue(rows.size() > 1);
        TrainingRow last = rows.get(rows.size() - 1);
        int words = last.tags().length;
        assertEquals(Tag.B, last.tags()[words - 2]);
        assertEquals(FakeEncoder.idOf("Ariane"), last.query().tokens()[last.query().firsts()[words - 2]]);
        assertTrue(rows.stream().allMatch(row -> row.length() <= 40));
    }

    @Test
    void labelThatLeavesNoRoomIsRefused() {
        LabelSet labels = LabelsJson.parse("very long label that takes all the room there is");
        assertThrows(InvalidLabelsException.class, () -> rows(new FakeEncoder(30), labels, "{'text': 'Ariane flew.'}"));
    }

    private static List<TrainingRow> rows(FakeEncoder encoder, LabelSet labels, String record) {
        GivenExamples given = GivenExamples.read(List.of(LearningSetTest.json(record)), labels);
        assertEquals(List.of(), given.faults());
        return new TrainingRows(encoder).of(LearningSet.of(given.examples()).sentences());
    }

    private static void assertRow(TrainingRow row, String prompt, String tags) {
        String[] words = (prompt + " :").split(" ");
        int[] tokens = row.query().tokens();
        int at = 1;
        for (String word : words) {
            assertEquals(FakeEncoder.idOf(word), tokens[at], prompt);
            at += ENCODER.encode(word).length;
        }
        assertEquals(at, row.query().firsts()[0], "the sentence begins behind the prompt");
        byte[] expected = new byte[tags.length()];
        IntStream.range(0, expected.length).forEach(i -> expected[i] = (byte) "BIO".indexOf(tags.charAt(i)));
        assertArrayEquals(expected, row.tags(), prompt);
    }
}
