package io.metaie.kafka;

import static io.metaie.kafka.MessageSchemas.JSON;
import static io.metaie.kafka.MessageSchemas.SCHEMAS;
import static io.metaie.kafka.MessageSchemas.errors;
import static io.metaie.kafka.MessageSchemas.names;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.metaie.control.CommandReader;
import io.metaie.control.InvalidCommandException;
import io.metaie.extraction.DocumentReader;
import io.metaie.extraction.TextReader;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.record.InboundRecord;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Adapter;
import io.metaie.task.TaskDefinition;
import io.metaie.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read is what the schemas allow. */
class ReadMessagesTest {

    private static final String HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

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
}
