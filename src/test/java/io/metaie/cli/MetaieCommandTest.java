package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.config.KafkaConfig.EmbeddedMode;
import io.metaie.config.KafkaConfig;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetaieCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String line) {
        Terminal terminal = new Terminal(InputStream.nullInputStream(), new PrintStream(out, false, UTF_8),
                new PrintStream(err, false, UTF_8), false, false, false);
        return MetaieCommand.run(terminal, line.isEmpty() ? new String[0] : line.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "--nonsense", "serve nonsense", "send", "send a b", "send --labels [1] -", "send --labels [\"a\" -", "tail everything",
        "tail --max 0", "tail --timeout -1", "tail --timeout x", "tail --format xml", "redrive --reason boredom",
        "redrive --max 0", "redrive x"})
    void wrongUsageIsSaidOnStandardError(String line) {
        assertEquals(2, run(line));
        assertEquals("", out.toString(UTF_8));
        assertTrue(err.toString(UTF_8).startsWith("metaie: "), err.toString(UTF_8));
        assertTrue(err.toString(UTF_8).contains("Usage: metaie"), err.toString(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "serve ", "send ", "tail ", "redrive "})
    void everyCommandHelps(String command) {
        assertEquals(0, run(command + "--help"));
        assertTrue(out.toString(UTF_8).contains("Usage: metaie " + command.strip()), out.toString(UTF_8));
        assertEquals("", err.toString(UTF_8));
        assertFalse(out.toString(UTF_8).contains("\u001b"));
    }

    @Test
    void saysItsVersion() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString(UTF_8).startsWith("metaie "));
    }

    @Test
    void aMissingFileIsAFailure() {
        System.setProperty("kafka.bootstrap.servers", "127.0.0.1:1");
        try {
            assertEquals(1, run("send /no/such/file"));
        } finally {
            System.clearProperty("kafka.bootstrap.servers");
        }
        assertEquals("metaie: there is no file /no/such/file\n", err.toString(UTF_8));
    }

    @Test
    void theServiceBringsABrokerWhenNoneIsNamed() {
        assertTrue(Service.bringsBroker(EmbeddedMode.AUTO, Optional.empty()));
        assertFalse(Service.bringsBroker(EmbeddedMode.AUTO, Optional.of("a:1")));
        assertTrue(Service.bringsBroker(EmbeddedMode.TRUE, Optional.of("a:1")));
        assertFalse(Service.bringsBroker(EmbeddedMode.FALSE, Optional.of("a:1")));
        CommandException refusal = assertThrows(
                CommandException.class, () -> Service.bringsBroker(EmbeddedMode.FALSE, Optional.empty()));
        assertTrue(refusal.getMessage().contains("KAFKA_BOOTSTRAP_SERVERS"), refusal.getMessage());
    }
}
