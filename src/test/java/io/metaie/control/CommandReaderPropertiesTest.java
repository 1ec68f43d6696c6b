package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CommandReaderPropertiesTest {

    private static final CommandReader READER = new CommandReader(10_000);

    @Property(tries = 1_000)
    void anyBytesAreACommandOrAReason(@ForAll byte[] bytes) {
        commandOrReason(bytes);
    }

    @Property(tries = 1_000)
    void anyFieldsAreACommandOrAReason(@ForAll("objects") String json) {
        commandOrReason(json.getBytes(UTF_8));
    }

    private static void commandOrReason(byte[] bytes) {
        try {
            Command command = READER.read(Optional.of(bytes));
            assertTrue(TaskNames.fault(command.task()).isEmpty());
        } catch (InvalidCommandException e) {
            assertFalse(e.getMessage().isBlank());
        }
    }

    /** Objects of a command's fields with values of any kind. */
    @Provide
    Arbitrary<String> objects() {
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.of("null", "true", "0", "-1", "1.5", "1e400", "[]", "{}", "\"\"", "\"n\"", "[\"A\"]", "[{}]", "[null]",
                        "[[[]]]", "{\"epochs\":1}", "{\"a\":{}}", "\"\\ud83d\"", "\"distilled\"", "\"adapt\"", "\"evaluate\"",
                        "\"define-task\"", "\"activate\"", "[{\"name\":\"x\",\"of\":\"x\"}]"),
                Arbitraries.strings().map(text -> new TextNode(text).toString()));
        Arbitrary<String> names = Arbitraries.of("type", "task", "commandId", "labels", "threshold", "exclusive", "version",
                "examples", "from", "options", "limit", "since");
        return Arbitraries.maps(names, values).ofMaxSize(12).map(fields -> {
            StringBuilder json = new StringBuilder("{");
            fields.forEach((name, value) -> json.append(json.length() > 1 ? "," : "").append('"').append(name).append("\":").append(value));
            return json.append('}').toString();
        });
    }
}
