package io.metaie.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.metaie.config.Settings;
import io.metaie.control.CommandReader;
import io.metaie.control.InvalidCommandException;
import io.metaie.distillation.KeptAnswer;
import io.metaie.distillation.TeacherAnswer;
import io.metaie.extraction.DocumentReader;
import io.metaie.extraction.Extraction.ExtractedSpan;
import io.metaie.extraction.Extraction;
import io.metaie.extraction.ExtractionWriter;
import io.metaie.extraction.TextReader;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.record.InboundRecord;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Adapter;
import io.metaie.task.ControlPlace;
import io.metaie.task.Job;
import io.metaie.task.TaskDefinition;
import io.metaie.task.TaskState;
import io.metaie.task.TaskStateJson;
import io.metaie.task.TaskVersion;
import io.metaie.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the code, {@code kafka/asyncapi.yaml}, {@code kafka/topics.yaml} and {@code kafka/schemas} together. */
class MessageContractTest {

    private static final Path SCHEMAS = Path.of("kafka", "schemas");
    private static final JsonMapper JSON = new JsonMapper();
    private static final String HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final JsonNode ASYNC_API = yaml(Path.of("kafka", "asyncapi.yaml"));

    static List<Path> schemas() throws IOException {
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            return files.sorted().toList();
        }
    }

    @Test
    void codeDeclarationsAndDescriptionNameTheSameTopics() {
        Topics topics = new Topics(Settings.metaie(Settings.load()).topics());
        Map<String, String> code = Arrays.stream(Topic.values())
                .collect(Collectors.toMap(Topic::key, topics::name, (a, b) -> a, TreeMap::new));
        Map<String, String> described = new TreeMap<>();
        ASYNC_API.path("channels").properties().forEach(channel ->
                described.put(channel.getKey(), channel.getValue().path("address").asText()));
        Map<String, String> declared = new TreeMap<>();
        yaml(Path.of("kafka", "topics.yaml")).path("topics").properties().forEach(topic ->
                declared.put(topic.getKey(), topic.getValue().path("name").asText()));
        assertEquals(code, described);
        assertEquals(code, declared);
    }

    @Test
    void everyReferenceOfTheDescriptionLeadsSomewhereAndEverySchemaIsUsed() throws IOException {
        Set<String> files = new HashSet<>();
        for (JsonNode reference : ASYNC_API.findValues("$ref")) {
            if (reference.asText().startsWith("#")) {
                assertFalse(ASYNC_API.at(reference.asText().substring(1)).isMissingNode(), reference.asText());
            } else {
                files.add(reference.asText());
            }
        }
        assertEquals(schemas().stream().map(file -> "schemas/" + file.getFileName()).collect(Collectors.toSet()), files);
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void schemasAreValidAndSoAreTheirExamples(Path file) throws IOException {
        JsonNode schema = JSON.readTree(file.toFile());
        assertEquals(Set.of(), FACTORY.getSchema(JSON.readTree(
                getClass().getResourceAsStream("/draft/2020-12/schema"))).validate(schema));
        assertTrue(schema.path("examples").size() > 0, "examples");
        schema.path("examples").forEach(example -> assertEquals(Set.of(), errors(file, example)));
    }

    @Test
    void theExamplesOfTheDescriptionAreValid() {
        int checked = 0;
        for (JsonNode message : ASYNC_API.at("/components/messages")) {
            for (JsonNode example : message.path("examples")) {
                for (String part : List.of("headers", "payload")) {
                    String reference = message.path(part).at("/schema/$ref").asText();
                    if (!reference.isEmpty()) {
                        assertEquals(Set.of(), errors(Path.of("kafka").resolve(reference), example.path(part)));
                        checked++;
                    }
                }
            }
        }
        assertTrue(checked >= 5, "checked " + checked);
    }

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

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"text\":\"a\",\"labels\":[\"P\"]}",
        "{\"id\":1.50,\"text\":\"\",\"labels\":[\"P\",{\"name\":\"w\",\"of\":\"P\",\"prompt\":\"{span} w\"}],\"x\":{}}",
        "{\"id\":null,\"text\":\"a\",\"task\":null,\"labels\":null,\"threshold\":null,\"exclusive\":null,\"metadata\":null}",
        "{\"id\":true,\"text\":\"a\",\"threshold\":0.5,\"exclusive\":false,\"metadata\":[1]}",
        "{}", "{\"text\":null}", "{\"text\":1}", "[]", "{\"id\":{},\"text\":\"a\"}", "{\"text\":\"a\",\"task\":1}",
        "{\"text\":\"a\",\"labels\":\"P\"}", "{\"text\":\"a\",\"labels\":[\"\"]}", "{\"text\":\"a\",\"labels\":[null]}",
        "{\"text\":\"a\",\"labels\":[{\"of\":\"P\"}]}", "{\"text\":\"a\",\"threshold\":\"1\"}",
        "{\"text\":\"a\",\"exclusive\":1}", "{\"text\":\"a\",\"labels\":[{\"name\":\"w\",\"of\":1}]}"
    })
    void documentsAreReadWhereTheSchemaAllowsThem(String document) throws IOException {
        boolean valid = errors(SCHEMAS.resolve("document.json"), JSON.readTree(document)).isEmpty();
        if (valid) {
            read(document);
        } else {
            assertThrows(RejectedDocumentException.class, () -> read(document));
        }
    }

    @Test
    void theLimitsOfLabelsAreThoseOfTheSchema() throws IOException {
        Path file = SCHEMAS.resolve("document.json");
        String longest = "{\"text\":\"a\",\"labels\":[\"" + "🚀".repeat(256) + "\"]}";
        String tooLong = longest.replace("🚀\"", "🚀🚀\"");
        String most = "{\"text\":\"a\",\"labels\":[" + labels(1_000) + "]}";
        String tooMany = "{\"text\":\"a\",\"labels\":[" + labels(1_001) + "]}";
        for (String allowed : List.of(longest, most)) {
            assertEquals(Set.of(), errors(file, JSON.readTree(allowed)));
            read(allowed);
        }
        for (String refused : List.of(tooLong, tooMany)) {
            assertFalse(errors(file, JSON.readTree(refused)).isEmpty());
            assertThrows(RejectedDocumentException.class, () -> read(refused));
        }
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

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"type\":\"define-task\",\"task\":\"n\",\"labels\":[\"A\",{\"name\":\"b\",\"of\":\"A\"}],\"threshold\":1}",
        "{\"type\":\"define-task\",\"task\":\"n\",\"labels\":[]}", "{\"type\":\"define-task\",\"task\":\"n\"}",
        "{\"type\":\"define-task\",\"task\":\"n\",\"labels\":[\"A\"],\"threshold\":1.1}",
        "{\"type\":\"delete-task\",\"task\":\"a/b\"}", "{\"type\":\"delete-task\",\"task\":\"\"}", "{\"type\":\"delete-task\"}",
        "{\"type\":\"delete-task\",\"task\":\".\"}", "{\"type\":\"delete-task\",\"task\":\"a\\u0001\"}", "{\"type\":\"x\",\"task\":\"n\"}",
        "{\"type\":\"delete-task\",\"task\":\"n\",\"commandId\":1}", "[]", "{\"task\":\"n\"}",
        "{\"type\":\"activate\",\"task\":\"n\",\"version\":0}", "{\"type\":\"activate\",\"task\":\"n\",\"version\":-1}",
        "{\"type\":\"activate\",\"task\":\"n\",\"version\":1.5}", "{\"type\":\"activate\",\"task\":\"n\"}",
        "{\"type\":\"evaluate\",\"task\":\"n\",\"examples\":[{\"text\":\"a\",\"spans\":[{\"label\":\"A\",\"text\":\"a\"}]}]}",
        "{\"type\":\"import\",\"task\":\"n\",\"upload\":\"u-1\",\"parts\":2,\"sha256\":\"" + HASH + "\",\"activate\":\"never\"}",
        "{\"type\":\"import\",\"task\":\"n\",\"upload\":\"u/1\",\"parts\":2,\"sha256\":\"" + HASH + "\"}",
        "{\"type\":\"import\",\"task\":\"n\",\"upload\":\"u\",\"parts\":0,\"sha256\":\"" + HASH + "\"}",
        "{\"type\":\"import\",\"task\":\"n\",\"upload\":\"u\",\"parts\":1,\"sha256\":\"" + HASH + "\",\"activate\":\"if-better\"}",
        "{\"type\":\"import\",\"task\":\"n\",\"upload\":\"u\",\"parts\":1}",
        "{\"type\":\"evaluate\",\"task\":\"n\",\"examples\":[]}", "{\"type\":\"evaluate\",\"task\":\"n\"}",
        "{\"type\":\"adapt\",\"task\":\"n\",\"examples\":[{\"text\":\"a\"}],\"options\":{\"epochs\":3,\"activate\":\"never\"}}",
        "{\"type\":\"adapt\",\"task\":\"n\",\"examples\":[{\"text\":\"a\"}],\"options\":{\"epochs\":0}}",
        "{\"type\":\"adapt\",\"task\":\"n\",\"examples\":[{\"text\":\"a\"}],\"options\":{\"epoch\":3}}",
        "{\"type\":\"adapt\",\"task\":\"n\",\"from\":\"distilled\",\"limit\":3}", "{\"type\":\"adapt\",\"task\":\"n\"}",
        "{\"type\":\"adapt\",\"task\":\"n\",\"from\":\"distilled\",\"examples\":[{\"text\":\"a\"}]}"
    })
    void commandsAreReadWhereTheSchemaAllowsThemAndNowhereElse(String command) throws IOException {
        boolean valid = errors(SCHEMAS.resolve("command.json"), JSON.readTree(command)).isEmpty();
        CommandReader reader = new CommandReader(1 << 20);
        Optional<byte[]> value = Optional.of(command.getBytes(UTF_8));
        if (valid) {
            assertDoesNotThrow(() -> reader.read(value));
        } else {
            assertThrows(InvalidCommandException.class, () -> reader.read(value));
        }
    }

    @Test
    void tasksAreAsTheSchemaSays() throws IOException {
        TaskState task = new TaskState("n", LabelSet.of(List.of(Label.named("A"), Label.of("b", "A"))), 0.5, true,
                new TaskState.Versions(List.of(
                        new TaskVersion(1, "m@0123456789ab", Optional.of(0.5), Instant.now(), 1, "0".repeat(64)),
                        new TaskVersion(2, "m@0123456789ab", Optional.empty(), Instant.now(), 9, "f".repeat(64))), 2, 1),
                List.of(new Job(Job.Kind.EVALUATE, Optional.of("c"), new ControlPlace("id", 0, 1), 0)), List.of("c"));
        Path file = SCHEMAS.resolve("task.json");
        JsonNode written = JSON.readTree(TaskStateJson.write(task));
        assertEquals(Set.of(), errors(file, written));
        JsonNode schema = JSON.readTree(file.toFile());
        assertEquals(names(schema.path("properties")), names(written));
        assertEquals(names(schema.at("/properties/jobs/items/properties")), names(written.at("/jobs/0")));
        assertEquals(names(schema.at("/properties/versions/items/properties")), names(written.at("/versions/0")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"text\":\"a\"}", "{\"id\":1.50,\"text\":\"a\",\"labels\":3}", "{\"id\":null,\"text\":\" a\"}", "{\"id\":true,\"text\":\"a\"}",
        "{}", "[]", "{\"text\":1}", "{\"text\":\" \"}", "{\"id\":[],\"text\":\"a\"}", "{\"text\":null}"
    })
    void requestsAreReadWhereTheSchemaAllowsThem(String request) throws IOException {
        InboundRecord record = new InboundRecord("t", 0, 0, 0, Optional.empty(), Optional.of(request.getBytes(UTF_8)),
                Optional.of("application/json"));
        if (errors(SCHEMAS.resolve("request.json"), JSON.readTree(request)).isEmpty()) {
            assertDoesNotThrow(() -> TextReader.read(record, 1 << 20));
        } else {
            assertThrows(RejectedDocumentException.class, () -> TextReader.read(record, 1 << 20));
        }
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

    private static String labels(int count) {
        return Stream.iterate(0, n -> n + 1).limit(count).map(n -> "\"L" + n + "\"").collect(Collectors.joining(","));
    }

    private static void read(String document) {
        new DocumentReader(NEWS, 1 << 20).read(new InboundRecord("t", 0, 0, 0, Optional.empty(),
                Optional.of(document.getBytes(UTF_8)), Optional.of("application/json")));
    }

    /** One task for whatever names none. */
    private static final Tasks NEWS = new Tasks() {

        @Override
        public Optional<TaskDefinition> find(String name) {
            return defaultTask();
        }

        @Override
        public Optional<TaskDefinition> defaultTask() {
            return Optional.of(new TaskDefinition("news", LabelSet.of(List.of(Label.named("P"))), 0, false, Adapter.NONE));
        }
    };

    private static ObjectNode headers(Iterable<Header> headers) {
        ObjectNode object = JSON.createObjectNode();
        headers.forEach(header -> object.put(header.key(), new String(header.value(), UTF_8)));
        return object;
    }

    private static Set<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private static Set<ValidationMessage> errors(Path schema, JsonNode value) {
        try {
            JsonSchema checked = FACTORY.getSchema(JSON.readTree(schema.toFile()));
            return checked.validate(value, context ->
                    context.getExecutionConfig().setFormatAssertionsEnabled(true));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static JsonNode yaml(Path file) {
        try {
            return new YAMLMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
