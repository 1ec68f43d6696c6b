package io.metaie.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The published schemas of the messages, {@code kafka/schemas}. */
final class Schemas {

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

    private Schemas() {}

    static void assertValid(String schema, JsonNode value) {
        assertEquals(Set.of(), SCHEMAS.computeIfAbsent(schema, Schemas::load).validate(value,
                context -> context.getExecutionConfig().setFormatAssertionsEnabled(true)));
    }

    private static JsonSchema load(String name) {
        try {
            return FACTORY.getSchema(new JsonMapper().readTree(Path.of("kafka", "schemas", name + ".json").toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
