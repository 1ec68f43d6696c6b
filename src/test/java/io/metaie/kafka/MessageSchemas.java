package io.metaie.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;

/** The schemas of messages in {@code kafka/schemas}, and what does not keep to them. */
final class MessageSchemas {

    static final Path SCHEMAS = Path.of("kafka", "schemas");
    static final JsonMapper JSON = new JsonMapper();
    static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    private MessageSchemas() {}

    static ObjectNode headers(Iterable<Header> headers) {
        ObjectNode object = JSON.createObjectNode();
        headers.forEach(header -> object.put(header.key(), new String(header.value(), UTF_8)));
        return object;
    }

    static Set<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    static Set<ValidationMessage> errors(Path schema, JsonNode value) {
        try {
            JsonSchema checked = FACTORY.getSchema(JSON.readTree(schema.toFile()));
            return checked.validate(value, context ->
                    context.getExecutionConfig().setFormatAssertionsEnabled(true));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static JsonNode yaml(Path file) {
        try {
            return new YAMLMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
