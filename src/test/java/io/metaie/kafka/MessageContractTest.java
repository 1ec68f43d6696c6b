package io.metaie.kafka;

import static io.metaie.kafka.MessageSchemas.FACTORY;
import static io.metaie.kafka.MessageSchemas.JSON;
import static io.metaie.kafka.MessageSchemas.SCHEMAS;
import static io.metaie.kafka.MessageSchemas.errors;
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
}
