package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.metaie.control.Event.AdaptationCompleted;
import io.metaie.control.Event.AdaptationFailed;
import io.metaie.control.Event.AdaptationProgress;
import io.metaie.control.Event.AdaptationStarted;
import io.metaie.control.Event.AdapterActivated;
import io.metaie.control.Event.AdapterIncompatible;
import io.metaie.control.Event.BeforeAfter;
import io.metaie.control.Event.CommandRejected;
import io.metaie.control.Event.EvaluationCompleted;
import io.metaie.control.Event.Gate;
import io.metaie.control.Event.TaskDefined;
import io.metaie.control.Event.TaskDeleted;
import io.metaie.evaluation.Scores;
import io.metaie.kafka.RecordSizes;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class EventWriterTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final About ABOUT = new About(Optional.of("a/🚀"), Optional.of("c"));
    private static final About NOTHING = new About(Optional.empty(), Optional.empty());
    private static final EventWriter WRITER = new EventWriter("metaie.events", 4_096, "i");

    private static JsonNode json(Event event) throws IOException {
        return JSON.readTree(WRITER.record(event, Instant.parse("2026-01-31T12:00:00Z")).value());
    }

    @Test
    void everyEventIsAsTheSchemaSays() throws IOException {
        JsonNode schema = JSON.readTree(Path.of("kafka", "schemas", "event.json").toFile());
        JsonSchema checked = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
        Scores.Tally tally = new Scores.Tally();
        tally.asked("A");
        List<Event> events = List.of(
                new TaskDefined(ABOUT, LabelSet.of(List.of(Label.named("A"), Label.of("b", "A")))),
                new TaskDeleted(ABOUT),
                new AdaptationStarted(ABOUT, 1, 20, 40, 2, List.of("w")),
                new AdaptationProgress(ABOUT, 1, 2, 10, Double.NaN),
                new AdaptationCompleted(ABOUT, 1, "m@0123456789ab", Optional.of(new Gate(new BeforeAfter(0.1, 0.2),
                        Map.of("A", new BeforeAfter(0, 1)), 5)), 12.5, true, "better"),
                new AdaptationCompleted(ABOUT, 1, "m@0123456789ab", Optional.empty(), 12.5, false, "not gated"),
                new AdaptationFailed(ABOUT, 1, "why"),
                new AdapterActivated(ABOUT, 1, 0, "why"),
                new AdapterIncompatible(ABOUT, 1, "why"),
                new EvaluationCompleted(ABOUT, 1, tally.scores()),
                new CommandRejected(NOTHING, "why", Optional.of("{\"type\":1.50}".getBytes(UTF_8))));
        Set<String> types = new HashSet<>();
        Set<String> fields = new HashSet<>();
        for (Event event : events) {
            JsonNode written = json(event);
            assertEquals(Set.of(), checked.validate(written, context ->
                    context.getExecutionConfig().setFormatAssertionsEnabled(true)), written.toString());
            types.add(written.path("type").asText());
            written.fieldNames().forEachRemaining(fields::add);
        }
        Set<String> named = new HashSet<>();
        schema.at("/properties/type/enum").forEach(type -> named.add(type.asText()));
        assertEquals(named, types);
        Set<String> described = new HashSet<>();
        schema.path("properties").fieldNames().forEachRemaining(described::add);
        assertEquals(described, fields);
    }

    @Test
    void theTaskIsTheKey() {
        assertEquals("a/🚀", new String(WRITER.record(new TaskDeleted(ABOUT), Instant.EPOCH).key(), UTF_8));
        assertNull(WRITER.record(new TaskDeleted(NOTHING), Instant.EPOCH).key());
    }

    @Test
    void aRejectionRepeatsItsCommandAsFarAsItCan() throws IOException {
        assertTrue(json(new CommandRejected(NOTHING, "w", Optional.empty())).path("command").isNull());
        assertEquals("{\"type\":1.50}",
                json(new CommandRejected(NOTHING, "w", Optional.of("{\"type\": 1.50}".getBytes(UTF_8)))).path("command").toString()
                        .replace("1.5}", "1.50}"));
        assertEquals("{\"type", json(new CommandRejected(NOTHING, "w", Optional.of("{\"type".getBytes(UTF_8)))).path("command").asText());
        assertTrue(json(new CommandRejected(NOTHING, "w", Optional.of("{\"a\":\"\\ud83d\"}".getBytes(UTF_8))))
                .path("command").isTextual(), "what cannot be written as UTF-8 is shown as text");
        String large = "{\"a\":\"" + "é".repeat(4_000) + "\"}";
        ProducerRecord<byte[], byte[]> record =
                WRITER.record(new CommandRejected(NOTHING, "w", Optional.of(large.getBytes(UTF_8))), Instant.EPOCH);
        assertTrue(RecordSizes.upperBound(record) <= 4_096);
        assertEquals(1_001, JSON.readTree(record.value()).path("command").asText().length());
    }
}
