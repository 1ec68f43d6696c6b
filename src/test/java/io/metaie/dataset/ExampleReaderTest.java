package io.metaie.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleReaderTest {

    private static final Label PERSON = Label.named("Person");
    private static final Label WORKS_FOR = Label.of("works for", "Person");

    private static List<Example> read(String lines, Optional<LabelSet> defaults) {
        ExampleReader reader = new ExampleReader("data.jsonl", new ByteArrayInputStream(lines.getBytes(UTF_8)), defaults);
        List<Example> examples = new ArrayList<>();
        reader.forEachRemaining(examples::add);
        assertFalse(reader.hasNext());
        assertThrows(NoSuchElementException.class, reader::next);
        return examples;
    }

    private static Example one(String line) {
        List<Example> examples = read(line, Optional.empty());
        assertEquals(1, examples.size());
        return examples.get(0);
    }

    private static String fault(String lines) {
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> read(lines, Optional.empty()));
        return e.getCause().getMessage();
    }

    private static LabelledSpan span(Label label, int start, int end) {
        return new LabelledSpan(label, start, end, Optional.empty());
    }

    @Test
    void countsCodePoints() {
        Example example = one("{\"text\": \"\\ud83d\\ude80 Ariane flew\", \"labels\": [\"Rocket\"],"
                + " \"spans\": [{\"label\": \"Rocket\", \"start\": 2, \"end\": 8}], \"task\": \"x\", \"source\": \"y\"}");
        assertEquals(List.of(span(Label.named("Rocket"), 3, 9)), example.spans());
        assertEquals("🚀 Ariane flew", example.text());
    }

    @Test
    void blankLinesAndAByteOrderMarkArePassedOver() {
        assertEquals(2, read("\ufeff{\"text\":\"a\"}\n\n  \r\n{\"text\":\"b\"}\n\n", Optional.empty()).size());
    }

    @Test
    void labelsComeFromTheRecordOrTheDefaultsOrTheSpans() {
        String span = "\"spans\":[{\"label\":\"Person\",\"start\":0,\"end\":3}]";
        LabelSet defaults = LabelSet.of(List.of(Label.named("City"), PERSON));
        assertEquals(List.of("Person", "X"), names(read(
                "{\"text\":\"Ada\",\"labels\":[\"Person\",\"X\"]," + span + "}", Optional.of(defaults)).get(0)));
        assertEquals(List.of("City", "Person"), names(read("{\"text\":\"Ada\"," + span + "}", Optional.of(defaults)).get(0)));
        assertEquals(List.of("Person"), names(one("{\"text\":\"Ada\"," + span + "}")));
        assertEquals(List.of(), names(one("{\"text\":\"Ada\",\"labels\":[],\"spans\":[]}")));
    }

    private static List<String> names(Example example) {
        return example.labels().labels().stream().map(Label::name).toList();
    }

    @Test
    void aSpanByItsTextIsEveryOccurrenceAsWords() {
        assertEquals(List.of(span(Label.named("City"), 0, 4), span(Label.named("City"), 17, 21)),
                one("{\"text\":\"Rome, Romeo, and Rome.\",\"spans\":[{\"label\":\"City\",\"text\":\"Rome\"}]}").spans());
        assertEquals(List.of(span(Label.named("City"), 0, 3)),
                one("{\"text\":\"Romeo\",\"spans\":[{\"label\":\"City\",\"text\":\"Rom\"}]}").spans());
    }

    @Test
    void chainsAreReadByTheIdsOfTheirHeads() {
        Example example = one("{\"text\":\"Ada works for Acme\","
                + "\"labels\":[\"Person\",{\"name\":\"works for\",\"of\":\"Person\"}],\"spans\":["
                + "{\"label\":\"works for\",\"start\":14,\"end\":18,\"of\":7},{\"id\":\"7\",\"label\":\"Person\",\"text\":\"Ada\"}]}");
        LabelledSpan ada = span(PERSON, 0, 3);
        assertEquals(List.of(new LabelledSpan(WORKS_FOR, 14, 18, Optional.of(ada)), ada), example.spans());
    }

    @Test
    void anOfThatNoLabelAsksForIsPassedOver() {
        assertEquals(List.of(span(PERSON, 0, 3)), one("{\"text\":\"Ada\",\"labels\":[\"Person\"],"
                + "\"spans\":[{\"label\":\"Person\",\"start\":0,\"end\":3,\"of\":\"nobody\"}]}").spans());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "[1];                                                     not a JSON object",
        "{`text`: 3};                                             \"text\" is missing",
        "{`spans`: []};                                           \"text\" is missing",
        "{\"text\":\"a\",\"spans\":{}};                           \"spans\" is no array",
        "{\"text\":\"a\",\"labels\":\"Person\"};                  \"labels\" is no array",
        "{\"text\":\"a\",\"labels\":[\"\"]};                      a label without a name",
        "{\"text\":\"a\",\"labels\":[1]};                         a label must be a string",
        "{\"text\":\"a\"} {};                                     not JSON",
        "{\"text\":\"a\";                                         not JSON",
    })
    void faultsNameFileLineAndReason(String line, String reason) {
        String message = fault("{\"text\":\"fine\"}\n\n" + line.replace('`', '"'));
        assertTrue(message.startsWith("data.jsonl, line 3: ") && message.contains(reason), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "{\"start\":0,\"end\":3};                                  spans[0]: \"label\" is missing",
        "3;                                                        spans[0]: not a JSON object",
        "{\"label\":\"City\",\"start\":0,\"end\":3};               spans[0]: label \"City\" is not among the labels",
        "{\"label\":\"Person\"};                                   spans[0]: neither",
        "{\"label\":\"Person\",\"start\":\"0\",\"end\":\"3\"};     spans[0]: \"start\" and \"end\" must be whole numbers",
        "{\"label\":\"Person\",\"start\":0.5,\"end\":3};           spans[0]: \"start\" and \"end\" must be whole numbers",
        "{\"label\":\"Person\",\"start\":0};                       spans[0]: \"start\" and \"end\" must be whole numbers",
        "{\"label\":\"Person\",\"start\":0,\"end\":99999999999};   spans[0]: \"start\" and \"end\" must be whole numbers",
        "{\"label\":\"Person\",\"start\":2,\"end\":2};             spans[0]: [2,2] is no stretch of a text of 3 code points",
        "{\"label\":\"Person\",\"start\":-1,\"end\":2};            spans[0]: [-1,2] is no stretch",
        "{\"label\":\"Person\",\"start\":0,\"end\":4};             spans[0]: [0,4] is no stretch",
        "{\"label\":\"Person\",\"start\":0,\"end\":3,\"text\":\"ada\"}; spans[0]: its \"text\" is not what stands at [0,3]",
        "{\"label\":\"Person\",\"text\":\"Vega\"};                 spans[0]: the text does not hold \"Vega\"",
        "{\"label\":\"Person\",\"text\":\" \"};                    spans[0]: its \"text\" is blank",
        "{\"label\":\"works for\",\"text\":\"Ada\"};               spans[0]: label \"works for\" needs an \"of\"",
        "{\"label\":\"works for\",\"text\":\"Ada\",\"of\":\"x\"};  spans[0]: no span has the id \"x\"",
        "{\"id\":1,\"label\":\"works for\",\"text\":\"Ada\",\"of\":1}; spans[0]: it stands in a cycle of heads",
        "{\"id\":1,\"label\":\"Person\",\"text\":\"Ada\"},{\"id\":1,\"label\":\"Person\",\"text\":\"Ada\"}; spans[1]: the id \"1\" is taken",
    })
    void faultySpansAreNamed(String span, String reason) {
        String message = fault("{\"text\":\"Ada\",\"labels\":[\"Person\",{\"name\":\"works for\",\"of\":\"Person\"}],\"spans\":["
                + span + "]}");
        assertTrue(message.startsWith("data.jsonl, line 1: " + reason), message);
    }

    @Test
    void aHeadMustStandInOnePlace() {
        String message = fault("{\"text\":\"Ada Ada\",\"labels\":[\"Person\",{\"name\":\"is\",\"of\":\"Person\"}],\"spans\":["
                + "{\"id\":1,\"label\":\"Person\",\"text\":\"Ada\"},{\"label\":\"is\",\"text\":\"Ada\",\"of\":1}]}");
        assertTrue(message.contains("spans[1]: its head occurs 2 times"), message);
    }

    @Test
    void bytesThatAreNotUtf8AreAFault() {
        ExampleReader reader = new ExampleReader("data.jsonl",
                new ByteArrayInputStream(new byte[] {'{', (byte) 0xff, '}'}), Optional.empty());
        UncheckedIOException e = assertThrows(UncheckedIOException.class, reader::hasNext);
        assertTrue(e.getCause().getMessage().startsWith("data.jsonl, line 1: "), e.getCause().getMessage());
    }

    @Test
    void everyEvaluationSetCanBeRead() throws IOException {
        for (String set : List.of("bc5cdr", "crossner_ai", "jnlpba", "phee", "propbank_ewt", "wnut17")) {
            Path file = Path.of("load-tests", "data", "eval", set + ".test.jsonl.zst");
            try (TextFile text = TextFiles.open(file)) {
                ExampleReader reader = new ExampleReader(file.toString(), text.content(), Optional.empty());
                int examples = 0;
                while (reader.hasNext()) {
                    assertFalse(reader.next().labels().isEmpty());
                    examples++;
                }
                assertTrue(examples >= 430, set);
            }
        }
    }
}
