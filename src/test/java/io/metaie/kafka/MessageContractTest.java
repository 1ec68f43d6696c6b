package io.metaie.kafka;

import static io.metaie.kafka.MessageSchemas.FACTORY;
import static io.metaie.kafka.MessageSchemas.JSON;
import static io.metaie.kafka.MessageSchemas.SCHEMAS;
import static io.metaie.kafka.MessageSchemas.errors;
import static io.metaie.kafka.MessageSchemas.names;
import static io.metaie.kafka.MessageSchemas.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the code, {@code kafka/asyncapi.yaml}, {@code kafka/topics.yaml} and {@code kafka/schemas} together. */
class MessageContractTest {

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
    void theExamplesOfTheDescriptionAreValidAndNameNothingThatIsNotThere() throws IOException {
        int checked = 0;
        for (JsonNode message : ASYNC_API.at("/components/messages")) {
            for (JsonNode example : message.path("examples")) {
                for (String part : List.of("headers", "payload")) {
                    String reference = message.path(part).at("/schema/$ref").asText();
                    if (!reference.isEmpty()) {
                        Path file = Path.of("kafka").resolve(reference);
                        assertEquals(Set.of(), errors(file, example.path(part)));
                        // Schemas let unknown fields pass, for what may come; in an example one is a mistake.
                        Set<String> unknown = new TreeSet<>(fields(example.path(part)));
                        unknown.removeAll(properties(JSON.readTree(file.toFile())));
                        assertEquals(Set.of(), unknown, file.toString());
                        checked++;
                    }
                }
            }
        }
        assertTrue(checked >= 5, "checked " + checked);
    }

    /** The names of all fields, however deep. */
    private static Set<String> fields(JsonNode json) {
        Set<String> fields = new TreeSet<>(names(json));
        json.forEach(part -> fields.addAll(fields(part)));
        return fields;
    }

    /** The fields a schema describes, however deep. */
    private static Set<String> properties(JsonNode schema) {
        Set<String> properties = new TreeSet<>(names(schema.path("properties")));
        schema.forEach(part -> properties.addAll(properties(part)));
        return properties;
    }
}
