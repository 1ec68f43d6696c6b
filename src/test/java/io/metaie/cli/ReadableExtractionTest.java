package io.metaie.cli;

import static io.metaie.rendering.Spans.extraction;
import static io.metaie.rendering.Spans.of;
import static io.metaie.rendering.Spans.span;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.extraction.Extraction;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReadableExtractionTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String printed(boolean colours, OptionalInt width, String text, Extraction extraction) {
        PrintStream stream = new PrintStream(out, true, UTF_8);
        Terminal terminal = new Terminal(InputStream.nullInputStream(), stream, stream, false, colours, false, width);
        new ReadableExtraction(terminal).print(text, extraction);
        return out.toString(UTF_8);
    }

    private String plain(String text, Extraction extraction) {
        return printed(false, OptionalInt.empty(), text, extraction);
    }

    @Test
    void spansStandInBracketsWithTheirLabels() {
        String text = "🚀🚀 Ada Lovelace flew to Paris.";
        assertEquals("""
                a  1 sentence, 3 spans
                  🚀🚀 [Ada Lovelace](Person) flew to [Paris](Capital, City).
                """, plain(text, extraction("a", span("s1", "Person", text, 3, 15), span("s2", "City", text, 24, 29),
                span("s3", "Capital", text, 24, 29))));
    }

    @Test
    void nestedSpansStandInNestedBrackets() {
        String text = "University of Paris, then";
        assertTrue(plain(text, extraction("a", span("s1", "Organisation", text, 0, 19), span("s2", "City", text, 14, 19)))
                .contains("  [University of [Paris](City)](Organisation), then\n"));
    }

    @Test
    void relationsAreChains() {
        String text = "Ada works for Acme in Paris";
        String printed = plain(text, extraction("a", span("s1", "Person", text, 0, 3),
                of("s1", span("s2", "works for", text, 14, 18)), of("s2", span("s3", "located in", text, 22, 27))));
        assertTrue(printed.endsWith("\n    Ada → works for → Acme → located in → Paris\n"), printed);
    }

    @Test
    void linesOfTheTextAreKept() {
        String text = "Ada Lovelace\r\n\tParis\r\n\r\nRome";
        assertTrue(plain(text, extraction("a", span("s1", "City", text, 15, 20)))
                .endsWith("  Ada Lovelace\n   [Paris](City)\n\n  Rome\n"), out.toString(UTF_8));
    }

    @Test
    void noTextSteersTheTerminal() {
        String text = "\u001b[2J\u202eAda\u0000";
        Extraction extraction = new Extraction("\u001b[2J", Optional.of("\u001b"), "m", Optional.empty(),
                List.of(span("s1", "\u001b[31m", text, 4, 8), of("s1", span("s2", "\u0007", text, 5, 8))), 1, true,
                List.of("\u001b"), Optional.empty());
        String printed = plain(text, extraction);
        assertFalse(printed.codePoints().anyMatch(c -> c != '\n' && Character.isISOControl(c) || c == 0x202e), printed);
        assertTrue(printed.contains("truncated"));
        assertTrue(printed.contains("! \\u001b"));
    }

    @Test
    void coloursAreForTerminals() {
        String text = "Ada flew";
        String printed = printed(true, OptionalInt.of(80), text, extraction("a", span("s1", "Person", text, 0, 3)));
        assertTrue(printed.contains("\u001b[1;4;36mAda\u001b[0m\u00a0\u001b[7;36mPerson\u001b[0m flew"), printed);
        assertFalse(printed.contains("["+"Ada"), printed);
    }

    @Test
    void longLinesAreBrokenBetweenWords() {
        String text = "Ada Lovelace and 東京タワー went home, both of them ✓";
        String printed = printed(false, OptionalInt.of(20), text, extraction("a", span("s1", "Person", text, 0, 12)));
        List<String> lines = printed.lines().skip(1).toList();
        assertEquals(List.of("  [Ada", "  Lovelace](Person)", "  and 東京タワー", "  went home, both of", "  them ✓"), lines);
    }
}
