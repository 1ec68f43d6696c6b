package io.metaie.kafka;

import static io.metaie.kafka.MessageSchemas.JSON;
import static io.metaie.kafka.MessageSchemas.SCHEMAS;
import static io.metaie.kafka.MessageSchemas.errors;
import static io.metaie.kafka.MessageSchemas.headers;
import static io.metaie.kafka.MessageSchemas.names;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.distillation.KeptAnswer;
import io.metaie.distillation.TeacherAnswer;
import io.metaie.extraction.Extraction.ExtractedSpan;
import io.metaie.extraction.Extraction;
import io.metaie.extraction.ExtractionWriter;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.record.Reason;
import io.metaie.task.ControlPlace;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import io.metaie.task.TaskStateJson;
import io.metaie.task.TaskVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What is written is what the schemas say, field by field. */
class WrittenMessagesTest {

    @Test
    void extractionsAreAsTheSchemaSays() throws IOException {
        Extraction full = new Extraction("d", Optional.of("news"), "metaie-mini@0123456789ab", Optional.of("news@3"),
                List.of(new ExtractedSpan("s1", "Person", "Ada", 0, 3, 0.98f, Optional.empty()),
                        new ExtractedSpan("s2", "works for", "x", 4, 5, 1f, Optional.of("s1"))),
                2, true, List.of("w"), Optional.of("[1.0]"));
        Extraction bare = new Extraction("", Optional.empty(), "m@0123456789ab", Optional.empty(), List.of(), 0, false,
                List.of(), Optional.empty());
        Path file = SCHEMAS.resolve("extraction.json");
        for (Extraction extraction : List.of(full, bare)) {
            assertEquals(Set.of(), errors(file, JSON.readTree(ExtractionWriter.toJson(extraction))));
        }
        // A full extraction has every field the schema names, and no other.
        JsonNode schema = JSON.readTree(file.toFile());
        JsonNode written = JSON.readTree(ExtractionWriter.toJson(full));
        assertEquals(names(schema.path("properties")), names(written));
        assertEquals(names(schema.at("/properties/spans/items/properties")), names(written.at("/spans/1")));
    }

    @Test
    void deadLettersAreAsTheSchemaSays() throws IOException {
        Path file = SCHEMAS.resolve("dead-letter-headers.json");
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("metaie.documents", 1, 2, new byte[500], new byte[500]);
        record.headers().add("own", new byte[500]);
        for (Reason reason : Reason.values()) {
            ObjectNode headers = headers(new DeadLetters("t", 1 << 20).letter(record, reason.wireName(), "why").headers());
            headers.remove("own");
            assertEquals(Set.of(), errors(file, headers));
        }
        ObjectNode most = headers(new DeadLetters("t", 400).letter(record, "failed", "y".repeat(9)).headers());
        assertEquals(Set.of(), errors(file, most));
        JsonNode schema = JSON.readTree(file.toFile());
        List<ProducerRecord<byte[], byte[]>> ofSentences = new DeadLetters("t", 1_700).letters(record, List.of(
                new DeadLetters.Fault(1, "teacher-refused", "no"), new DeadLetters.Fault(12, "teacher-refused", "no")));
        for (ProducerRecord<byte[], byte[]> letter : ofSentences) {
            ObjectNode headers = headers(letter.headers());
            headers.remove("own");
            assertEquals(Set.of(), errors(file, headers));
            most.setAll(headers);
        }
        assertEquals(names(schema.path("properties")), names(most));
        assertEquals(Arrays.stream(Reason.values()).map(Reason::wireName).collect(Collectors.toSet()),
                StreamSupport.stream(schema.at("/properties/metaie.reason/enum").spliterator(), false)
                        .map(JsonNode::asText).collect(Collectors.toSet()));
    }

    @Test
    void headersOfExtractionsAreAsTheSchemaSays() {
        ObjectNode headers = headers(CloudEvents.json(
                "metaie.documents-0-17", "io.metaie.extraction.v1", "/metaie/metaie.documents", Instant.now()));
        assertEquals(Set.of(), errors(SCHEMAS.resolve("extraction-headers.json"), headers));
    }

    @Test
    void tasksAreAsTheSchemaSays() throws IOException {
        TaskState task = new TaskState("n", LabelSet.of(List.of(Label.named("A"), Label.of("b", "A"))), 0.5, true,
                new TaskState.Versions(List.of(
                        new TaskVersion(1, "m@0123456789ab", Optional.of(0.5), Optional.of(new TaskVersion.Before(0.25, 4)),
                                Instant.now(), 1, "0".repeat(64)),
                        new TaskVersion(2, "m@0123456789ab", Optional.empty(), Instant.now(), 9, "f".repeat(64))), 2, 1),
                List.of(new Job(Job.Kind.EVALUATE, Optional.of("c"), new ControlPlace("id", 0, 1), 0)), List.of("c"));
        Path file = SCHEMAS.resolve("task.json");
        JsonNode written = JSON.readTree(TaskStateJson.write(task));
        assertEquals(Set.of(), errors(file, written));
        JsonNode schema = JSON.readTree(file.toFile());
        assertEquals(names(schema.path("properties")), names(written));
        assertEquals(names(schema.at("/properties/jobs/items/properties")), names(written.at("/jobs/0")));
        assertEquals(names(schema.at("/properties/versions/items/properties")), names(written.at("/versions/0")));
        assertEquals(names(schema.at("/properties/versions/items/properties/before/properties")),
                names(written.at("/versions/0/before")));
    }

    @Test
    void keptAnswersAreAsTheSchemaSays() throws IOException {
        TeacherAnswer full = new TeacherAnswer("- A: b", TeacherAnswer.Ending.CUT, Optional.of("no"),
                new TeacherAnswer.Usage(OptionalLong.of(1), OptionalLong.of(2), Optional.of(3.0)));
        TeacherAnswer bare = new TeacherAnswer("", TeacherAnswer.Ending.COMPLETE, Optional.empty(), TeacherAnswer.Usage.UNKNOWN);
        Path file = SCHEMAS.resolve("answer.json");
        for (TeacherAnswer answer : List.of(full, bare)) {
            KeptAnswer kept = new KeptAnswer("m", "A b.", answer, 0.5, Instant.now());
            JsonNode written = JSON.readTree(kept.toJson());
            assertEquals(Set.of(), errors(file, written));
            assertEquals(kept.answer().text(), KeptAnswer.read(written).orElseThrow().answer().text());
            assertEquals(kept.time(), KeptAnswer.read(written).orElseThrow().time());
        }
    }
}
