package io.metaie.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Faults that users of other systems reported: each span must be expressible in words, in code points. */
class FieldCasesTest {

    /** Asserts that the code points {@code [start, end)} are {@code span} and that words of one sentence begin and end there. */
    private static void assertSpan(String text, int start, int end, String span) {
        CodePoints codePoints = CodePoints.of(text);
        assertEquals(span, text.substring(codePoints.utf16(start), codePoints.utf16(end)));
        for (Sentence sentence : Sentences.split(text)) {
            Set<Integer> starts = new HashSet<>();
            Set<Integer> ends = new HashSet<>();
            sentence.words().forEach(word -> {
                starts.add(codePoints.at(word.start()));
                ends.add(codePoints.at(word.end()));
            });
            if (starts.contains(start) && ends.contains(end)) {
                return;
            }
        }
        throw new AssertionError("no words for " + span + " in " + text);
    }

    @Test
    @DisplayName("C1: emoji before the span")
    void emoji() {
        String text = "🚀🚀 Ada Lovelace flew to Paris.";
        assertSpan(text, 3, 15, "Ada Lovelace");
        assertSpan(text, 24, 29, "Paris");
    }

    @Test
    @DisplayName("C3: decomposed accents")
    void decomposedAccents() {
        String text = "Rene\u0301 Descartes met Zoe\u0308 Saldan\u0303a in Malmo\u0308 and Ko\u0308ln.";
        assertSpan(text, 0, 15, "Rene\u0301 Descartes");
        assertSpan(text, 37, 43, "Malmo\u0308");
        assertSpan(text, 48, 53, "Ko\u0308ln");
    }

    @Test
    @DisplayName("C4: CRLF and tabs")
    void lineEnds() {
        String text = "Ada Lovelace\r\n\tParis\r\n\r\nAlan Turing\tRome\r\n";
        assertSpan(text, 0, 12, "Ada Lovelace");
        assertSpan(text, 15, 20, "Paris");
        assertSpan(text, 24, 35, "Alan Turing");
        assertSpan(text, 36, 40, "Rome");
    }

    @Test
    @DisplayName("C5: words parted by control white space only")
    void controlWhiteSpace() {
        String text = "one\nline: Ada\tLovelace\rParis";
        assertSpan(text, 10, 22, "Ada\tLovelace");
        assertSpan(text, 23, 28, "Paris");
    }

    @Test
    @DisplayName("C6: no-break and zero-width spaces")
    void noBreakSpaces() {
        String text = "Ada\u00a0Lovelace lives in\u00a0\u00a0\u00a0Paris\u2009and Ro\u200bme.";
        assertSpan(text, 0, 12, "Ada\u00a0Lovelace");
        assertSpan(text, 24, 29, "Paris");
        assertSpan(text, 34, 39, "Ro\u200bme");
    }

    @Test
    @DisplayName("C8: NUL and other control characters")
    void controlCharacters() {
        String text = "Ada\u0000Lovelace\u0001 lives in\u0007 Paris\u001b[0m.";
        assertSpan(text, 0, 12, "Ada\u0000Lovelace");
        assertSpan(text, 24, 29, "Paris");
    }

    @Test
    @DisplayName("C10: scripts without spaces")
    void unspacedScripts() {
        String text = "東京とパリの代表Ada Lovelaceが北京で会った。𠀀田も来た。";
        assertSpan(text, 0, 2, "東京");
        assertSpan(text, 8, 20, "Ada Lovelace");
        assertSpan(text, 21, 23, "北京");
        assertEquals(2, Sentences.split(text).size());
    }

    @Test
    @DisplayName("C13: white space around")
    void whiteSpaceAround() {
        String text = "   Ada Lovelace , of Paris.  ";
        assertSpan(text, 3, 15, "Ada Lovelace");
        assertSpan(text, 21, 26, "Paris");
    }

    @Test
    @DisplayName("C15: mark-up stays")
    void markup() {
        String html = "<p>Ada <b>Lovelace</b> moved to <a href=\"x?a=1&amp;b=2\">Paris</a> &amp; Rome.</p>";
        assertSpan(html, 56, 61, "Paris");
        assertSpan(html, 72, 76, "Rome");
        String markdown = "# Crew\n\n* **Ada Lovelace** ([Paris](http://x.y))\n";
        assertSpan(markdown, 12, 24, "Ada Lovelace");
        assertSpan(markdown, 29, 34, "Paris");
    }

    @Test
    @DisplayName("C19: one endless word")
    void endlessWord() {
        byte[] bytes = new byte[75_000];
        new Random(19).nextBytes(bytes);
        String[] words = {"a".repeat(100_000), "-".repeat(100_000), Base64.getEncoder().encodeToString(bytes),
            "http://x.y/" + "%F0%9F%9A%80".repeat(8_000)};
        for (String word : words) {
            String text = word + " Ada Lovelace lives in Paris.";
            assertSpan(text, word.length() + 1, word.length() + 13, "Ada Lovelace");
        }
    }

    @Test
    @DisplayName("C21: lists and lines without a stop")
    void lists() {
        String text = "Crew:\n- Ada Lovelace\n- Alan Turing\n1. Grace Hopper\nParis\nRome";
        assertSpan(text, 8, 20, "Ada Lovelace");
        assertSpan(text, 23, 34, "Alan Turing");
        assertSpan(text, 38, 50, "Grace Hopper");
        assertSpan(text, 51, 56, "Paris");
        assertSpan(text, 57, 61, "Rome");
        assertTrue(Sentences.split(text).stream().noneMatch(s -> text.substring(s.start(), s.end()).contains("\n")));
        assertSpan(text.replace('\n', ' '), 38, 50, "Grace Hopper");
    }
}
