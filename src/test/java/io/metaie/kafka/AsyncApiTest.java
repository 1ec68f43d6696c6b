package io.metaie.kafka;

import static io.metaie.kafka.MessageSchemas.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kafka/asyncapi.yaml} is AsyncAPI, is complete, and is what {@code kafka/acls.sh} allows. */
class AsyncApiTest {

    private static final JsonNode API = yaml(Path.of("kafka", "asyncapi.yaml"));

    @Test
    void itIsAsAsyncApiSays() throws IOException {
        try (InputStream schema = new GZIPInputStream(AsyncApiTest.class.getResourceAsStream("/schemas/asyncapi-3.0.0.json.gz"))) {
            assertEquals(Set.of(), JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(schema).validate(API));
        }
    }

    @Test
    void everyTopicHasMessagesAndSomebodyWhoReadsOrWritesThem() {
        assertEquals(names(API.path("channels")), channels(".*"));
        Set<String> told = new TreeSet<>();
        API.path("channels").properties().forEach(channel -> {
            assertTrue(channel.getValue().path("messages").size() > 0, channel.getKey());
            channel.getValue().path("messages").forEach(message -> told.add(name(message)));
        });
        assertEquals(names(API.at("/components/messages")), told);
    }

    @ParameterizedTest
    @CsvSource({"receive, Read", "send, Write"})
    void aclsAllowTheServiceWhatItDoesAndNoMore(String action, String operation) throws IOException {
        String script = Files.readString(Path.of("kafka", "acls.sh")).replace("\\\n", " ");
        Matcher allowed = Pattern.compile("allow \"" + operation + " DescribeConfigs\" \\$\\(topics ([^)]*)\\)")
                .matcher(script.substring(script.indexOf("\n  service)"), script.indexOf("\n  sender)")));
        assertTrue(allowed.find(), script);
        assertEquals(channels(action), new TreeSet<>(Set.of(allowed.group(1).trim().split("\\s+"))));
    }

    /** The channels of operations of this kind. */
    private static Set<String> channels(String action) {
        return StreamSupport.stream(API.path("operations").spliterator(), false)
                .filter(operation -> operation.path("action").asText().matches(action))
                .map(operation -> name(operation.path("channel")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(JsonNode reference) {
        String path = reference.path("$ref").asText();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
