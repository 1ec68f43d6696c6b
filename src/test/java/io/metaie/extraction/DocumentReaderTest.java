package io.metaie.extraction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.record.InboundRecord;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Adapter;
import io.metaie.task.TaskDefinition;
import io.metaie.task.Tasks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {

    private static final TaskDefinition NEWS = new TaskDefinition(
            "news", LabelSet.of(List.of(Label.named("Place"))), 0.5, true, new Adapter("news", 3));

    private static final Tasks TASKS = new Tasks() {
        @Override
        public Optional<TaskDefinition> find(String name) {
            return name.equals("news") ? Optional.of(NEWS) : Optional.empty();
        }

        @Override
        public Optional<TaskDefinition> defaultTask() {
            return Optional.of(NEWS);
        }
    };

    private final DocumentReader reader = new DocumentReader(Tasks.NONE, 1 << 20);
    private final DocumentReader withTasks = new DocumentReader(TASKS, 1 << 20);

    @Test
    void aJsonObjectIsADocument() {
        ExtractionRequest request = read("{\"id\":\"d\",\"text\":\"Ada\",\"labels\":[\"Person\",{\"name\":\"works for\","
                + "\"of\":\"Person\",\"prompt\":\"{span} works for\"}],\"threshold\":0.25,\"exclusive\":true,\"x\":[1,{}]}");
        assertEquals("d", request.document().id());
        assertEquals("Ada", request.document().text());
        assertEquals(List.of(Label.named("Person"), Label.of("works for", "Person")), request.labels().labels());
        assertEquals(0.25, request.threshold());
        assertTrue(request.exclusive());
        assertEquals(Adapter.NONE, request.adapter());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ada Lovelace", "[1]", "\"text\"", "{", "{\"text\":\"a\"} b", "{\"a\":1}{\"b\":2}", "null", "  "})
    void whatIsNoJsonObjectIsTheTextItself(String value) {
        assertEquals(value, withTasks.read(record(value)).document().text());
    }

    @Test
    void hostileNestingIsTextOrRefusedButNeverAnError() {
        assertEquals(100_000, withTasks.read(record("{".repeat(100_000))).document().text().length());
        assertEquals("{\"text\":" + "[".repeat(5000),
                withTasks.read(record("{\"text\":" + "[".repeat(5000))).document().text());
        assertRefused(Reason.INVALID_JSON, "{\"text\":\"x\",\"labels\":[\"P\"],\"metadata\":"
                + "[".repeat(5000) + "]".repeat(5000) + "}");
    }

    @Test
    void theContentTypeDecides() {
        String json = "{\"text\":\"Ada\",\"labels\":[\"Person\"]}";
        for (String type : List.of("application/json", "application/json; charset=utf-8", "Application/JSON",
                "application/cloudevents+json", "application/octet-stream", "", ";", "; =", "application/json;charset=\"UTF-8\"")) {
            assertEquals("Ada", withTasks.read(record(json, type)).document().text(), type);
        }
        for (String type : List.of("text/plain", "text/plain;charset=UTF-8", "TEXT/PLAIN ; a=b")) {
            assertEquals(json, withTasks.read(record(json, type)).document().text(), type);
        }
        assertReason(Reason.INVALID_JSON, () -> reader.read(record("Ada", "application/json")));
        assertReason(Reason.INVALID_UTF8, () -> reader.read(record(json, "text/plain; charset=ISO-8859-1")));
        assertReason(Reason.INVALID_UTF8, () -> reader.read(record(json, "application/json; charset=utf-16")));
    }

    @Test
    void aByteOrderMarkBeforeJsonIsSkippedAndInTextIsACharacter() {
        String json = "\uFEFF{\"id\":\"bom\",\"text\":\"Ada\",\"labels\":[\"Person\"]}";
        assertEquals("bom", read(json).document().id());
        assertEquals("bom", reader.read(record(json, "application/json")).document().id());
        assertEquals("\uFEFFAda", withTasks.read(record("\uFEFFAda", "text/plain")).document().text());
    }

    @Test
    void theIdIsTheDocumentsElseTheKeyElseThePlace() {
        assertEquals("1.50", read("{\"id\":1.50,\"text\":\"a\",\"labels\":[\"P\"]}").document().id());
        assertEquals("12345678901234567890123", read("{\"id\":12345678901234567890123,\"text\":\"a\",\"labels\":[\"P\"]}")
                .document().id());
        assertEquals("k", withTasks.read(record(Optional.of("k".getBytes(StandardCharsets.UTF_8)), "a")).document().id());
        assertEquals("t-1-7", withTasks.read(record("a")).document().id());
        assertEquals("t-1-7", withTasks.read(record(Optional.of(new byte[] {(byte) 0xff}), "a")).document().id());
        assertRefused(Reason.INVALID_JSON, "{\"id\":{},\"text\":\"a\",\"labels\":[\"P\"]}");
        assertRefused(Reason.INVALID_JSON, "{\"id\":[1],\"text\":\"a\",\"labels\":[\"P\"]}");
    }

    @Test
    void emptyRecordsAndMissingTexts() {
        assertReason(Reason.EMPTY_RECORD, () -> reader.read(record("")));
        assertReason(Reason.EMPTY_RECORD, () -> reader.read(
                new InboundRecord("t", 1, 7, 0, Optional.empty(), Optional.empty(), Optional.empty())));
        assertRefused(Reason.MISSING_TEXT, "{\"labels\":[\"P\"]}");
        assertRefused(Reason.MISSING_TEXT, "{\"text\":null,\"labels\":[\"P\"]}");
        assertRefused(Reason.MISSING_TEXT, "{\"text\":{\"a\":[1,2]},\"labels\":[\"P\"]}");
        assertRefused(Reason.MISSING_TEXT, "{}");
        assertEquals("", read("{\"text\":\"\",\"labels\":[\"P\"]}").document().text());
    }

    @Test
    void invalidUtf8IsRefusedWhateverTheType() {
        byte[] bad = {'a', (byte) 0xc3, '('};
        for (Optional<String> type : List.of(Optional.<String>empty(), Optional.of("text/plain"),
                Optional.of("application/json"))) {
            assertReason(Reason.INVALID_UTF8, () -> withTasks.read(
                    new InboundRecord("t", 1, 7, 0, Optional.empty(), Optional.of(bad), type)));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[\"\"]|invalid-labels", "[null]|invalid-labels", "\"Person\"|invalid-labels", "[{\"of\":\"P\"}]|invalid-labels",
        "[{\"name\":1}]|invalid-labels", "[[]]|invalid-labels", "{\"a\":1}|invalid-labels", "[]|no-labels",
        "null|no-labels", "[\"A\",{\"name\":\"b\",\"of\":\"X\"}]|invalid-labels", "[\" \"]|invalid-labels",
        "[\"A\",{\"name\":\"b\",\"of\":\"A\",\"prompt\":\"x\"}]|invalid-labels"
    })
    void faultyLabels(String labels, String reason) {
        RejectedDocumentException e = assertThrows(RejectedDocumentException.class,
                () -> read("{\"text\":\"a\",\"labels\":" + labels + "}"));
        assertEquals(reason, e.reason().wireName());
    }

    @Test
    void labelsComeFromTheDocumentElseTheTaskElseTheDefaultTask() {
        assertReason(Reason.NO_LABELS, () -> reader.read(record("Ada")));
        ExtractionRequest byDefault = withTasks.read(record("Ada"));
        assertEquals("Place", byDefault.labels().labels().get(0).name());
        assertEquals(new Adapter("news", 3), byDefault.adapter());
        ExtractionRequest named = withTasks.read(record("{\"text\":\"a\",\"task\":\"news\",\"labels\":[]}"));
        assertEquals("Place", named.labels().labels().get(0).name());
        assertEquals(0.5, named.threshold());
        ExtractionRequest own = withTasks.read(record("{\"text\":\"a\",\"labels\":[\"P\"]}"));
        assertEquals(Optional.empty(), own.task());
        assertEquals(Adapter.NONE, own.adapter());
        ExtractionRequest both = withTasks.read(record("{\"text\":\"a\",\"task\":\"news\",\"labels\":[\"P\"],\"threshold\":0}"));
        assertEquals("P", both.labels().labels().get(0).name());
        assertEquals(new Adapter("news", 3), both.adapter());
        assertEquals(0, both.threshold());
        assertReason(Reason.UNKNOWN_TASK, () -> reader.read(record("{\"text\":\"a\",\"task\":\"news\",\"labels\":[\"P\"]}")));
    }

    @Test
    void wrongTypesAreInvalidJson() {
        assertRefused(Reason.INVALID_JSON, "{\"text\":\"a\",\"labels\":[\"P\"],\"threshold\":\"0.5\"}");
        assertRefused(Reason.INVALID_JSON, "{\"text\":\"a\",\"labels\":[\"P\"],\"exclusive\":1}");
        assertRefused(Reason.INVALID_JSON, "{\"text\":\"a\",\"labels\":[\"P\"],\"task\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"text\":\"\\ud83d Ada\",\"labels\":[\"P\"]}", "{\"text\":\"a\",\"labels\":[\"\\udc00\"]}",
        "{\"text\":\"a\",\"labels\":[\"P\"],\"metadata\":{\"k\":\"\\udc00\"}}",
        "{\"text\":\"a\",\"labels\":[\"P\"],\"metadata\":{\"\\ud83d\":1}}", "{\"text\":\"a\",\"labels\":[\"P\"],\"z\":\"\\ud83d\"}"
    })
    void loneSurrogatesAreInvalidJson(String json) {
        assertRefused(Reason.INVALID_JSON, json);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{ \"b\" : 1.00, \"a\" : 1e5 , \"b\":2}", "[1, 2.50 ,\"x\"]", "12345678901234567890.10", "true", "\"a\\u00e9🚀\"", "{}",
        "-0.0"
    })
    void metadataIsTheSliceOfTheSource(String metadata) {
        assertEquals(Optional.of(metadata),
                read("{\"text\":\"a🚀\", \"metadata\" : " + metadata + " ,\"labels\":[\"P\"]}").metadata());
        assertEquals(Optional.of(metadata),
                read("{\"text\":\"" + "🚀x".repeat(30_000) + "\",\"labels\":[\"P\"],\"metadata\":" + metadata + "}").metadata());
    }

    @Test
    void aDocumentOverTheLimitIsTooLarge() {
        DocumentReader small = new DocumentReader(TASKS, 10);
        small.read(record("a".repeat(10)));
        assertReason(Reason.TOO_LARGE, () -> small.read(record("a".repeat(11))));
    }

    @Property(tries = 3000)
    void anyBytesGiveARequestOrAReason(@ForAll byte[] value, @ForAll boolean json) {
        try {
            withTasks.read(new InboundRecord("t", 1, 7, 0, Optional.empty(), Optional.of(value),
                    json ? Optional.of("application/json") : Optional.empty()));
        } catch (RejectedDocumentException e) {
            assertTrue(e.getMessage().length() > 0);
        }
    }

    private ExtractionRequest read(String value) {
        return reader.read(record(value));
    }

    private void assertRefused(Reason reason, String value) {
        assertReason(reason, () -> reader.read(record(value)));
    }

    private static void assertReason(Reason reason, Runnable reading) {
        assertEquals(reason, assertThrows(RejectedDocumentException.class, reading::run).reason());
    }

    private static InboundRecord record(String value) {
        return record(Optional.empty(), value);
    }

    private static InboundRecord record(Optional<byte[]> key, String value) {
        return new InboundRecord("t", 1, 7, 0, key, Optional.of(value.getBytes(StandardCharsets.UTF_8)), Optional.empty());
    }

    private static InboundRecord record(String value, String contentType) {
        return new InboundRecord("t", 1, 7, 0, Optional.empty(),
                Optional.of(value.getBytes(StandardCharsets.UTF_8)), Optional.of(contentType));
    }
}
