package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.cli.Terminal.Style;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TerminalTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Terminal terminal(boolean colours, boolean progress) {
        return new Terminal(InputStream.nullInputStream(), new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8), false, colours, progress);
    }

    @Test
    void stylesAreForTerminals() {
        assertEquals("x", terminal(false, false).styled("x", Style.BOLD, Style.RED));
        assertEquals("\u001b[1;31mx\u001b[0m", terminal(true, false).styled("x", Style.BOLD, Style.RED));
        assertEquals(terminal(true, false).coloured("x", "Person"), terminal(true, false).coloured("x", "Person"));
    }

    @Test
    void noTextSteersTheTerminal() {
        assertEquals("a b  c\\u001b[2J\\u0000\\u202e🚀e\u0301\\u009b",
                Terminal.printable("a\tb\r\nc\u001b[2J\u0000\u202e🚀e\u0301\u009b"));
    }

    @Test
    void progressIsDrawnOnATerminalAndTakenAway() {
        try (Terminal.Progress progress = terminal(false, true).progress("records")) {
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
                progress.update(1_500, 0.5);
                return err.size() > 0;
            });
        }
        String drawn = err.toString(UTF_8);
        assertTrue(drawn.contains("█".repeat(12) + "░".repeat(12) + "  50 %  1,500 records"), drawn);
        assertTrue(drawn.endsWith("\r\u001b[K"), drawn);
    }

    @Test
    void progressIsNotDrawnElsewhere() {
        try (Terminal.Progress progress = terminal(false, false).progress("records")) {
            long begin = System.nanoTime();
            Awaitility.await().until(() -> {
                progress.update(3, -1);
                return System.nanoTime() - begin > Duration.ofMillis(150).toNanos();
            });
            assertTrue(progress.summary().startsWith("3 records in "), progress.summary());
        }
        assertEquals("", err.toString(UTF_8));
    }
}
