package io.metaie.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

    private static String joined(String text) {
        return Words.split(text).stream().map(word -> word.in(text)).collect(Collectors.joining("|"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "I don't, can’t and won't;                     I|do|n't|,|ca|n’t|and|wo|n't",
        "don'tx ain't_;                                don'tx|ain't|_",
        "London's O'Brien, we're he'll I’m;            London|'s|O'Brien|,|we|'re|he|'ll|I|’m",
        "AT&T's co-founder up-to-date A-;              AT&T|'s|co-founder|up-to-date|A|-",
        "U.S. e.g. U.S.A;                              U.S.|e.g.|U.S.|A",
        "A. B.C;                                       A|.|B|.|C",
        "1,000.5 20th 3rd 1990s 10:30 5s 7stx 1.;      1,000.5|20th|3rd|1990s|10:30|5s|7st|x|1|.",
        "COVID-19 B12 p53b x86_64;                     COVID-19|B12|p53|b|x86|_|64",
        "wait... -- ``so'' ....;                       wait|...|--|``|so|''|...|.",
        "½ m² Ⅳ ٣٤ ʰa;                                 ½|m²|Ⅳ|٣٤|ʰa",
        "a×bn't;                                       a×b|n't",
        "C++ #1 $3.50 me@x.org;                        C|+|+|#|1|$|3.50|me|@|x|.|org",
    })
    void followsTheRules(String text, String words) {
        assertEquals(words, joined(text));
    }

    @Test
    void equalsTheWordsTheModelWasTrainedOn() throws IOException {
        ObjectMapper json = new ObjectMapper();
        int records = 0;
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(WordsTest.class.getResourceAsStream("/words-sample.jsonl"), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode record = json.readTree(line);
                String text = record.get("text").asText();
                List<Word> expected = new ArrayList<>();
                CodePoints codePoints = CodePoints.of(text);
                for (JsonNode word : record.get("words")) {
                    expected.add(new Word(codePoints.utf16(word.get(0).asInt()), codePoints.utf16(word.get(1).asInt())));
                }
                assertEquals(expected, Words.split(text), text);
                records++;
            }
        }
        assertEquals(760, records);
    }

    @Test
    void countsFromTheStartOfTheWholeText() {
        assertEquals(List.of(new Word(4, 7), new Word(7, 10)), Words.split("Ada didn't go", 4, 10));
        assertEquals(List.of(new Word(1, 2)), Words.split("abc", 1, 2));
        assertEquals(List.of(), Words.split("abc", 3, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> Words.split("abc", 1, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00a0", " \t\r\n\u2028\u3000", "\u0000\u0001\u001b", "\u200b\ufeff\u2060\u00ad"})
    void blankTextHasNoWords(String text) {
        assertEquals(List.of(), Words.split(text));
    }

    @Test
    void keepsGraphemeClustersWhole() {
        assertEquals("Rene\u0301|Descartes|met|Zoe\u0308|Saldan\u0303a", joined("Rene\u0301 Descartes met Zoe\u0308 Saldan\u0303a"));
        assertEquals("🇫🇷|🇩🇪|!", joined("🇫🇷🇩🇪!"));
        assertEquals("👩🏽‍🚀|👨‍👩‍👧|❤️|1️⃣", joined("👩🏽‍🚀👨‍👩‍👧❤️1️⃣"));
        assertEquals("हिन्दी|भाषा", joined("हिन्दी भाषा"));
        assertEquals("한국어|\u1112\u1161\u11ab\u1100\u116e\u11a8", joined("한국어 \u1112\u1161\u11ab\u1100\u116e\u11a8"));
        assertEquals("cafe\u0301|n't", joined("cafe\u0301n't"));
        assertEquals("an\u0303't", joined("an\u0303't"));
    }

    @Test
    void aSignPrefixedToWhiteSpacePartsWords() {
        assertEquals("a|b", joined("a\u0600 b"));
    }

    @Test
    void seesThroughInvisibleCharacters() {
        assertEquals("Ro\u200bme", joined("\ufeffRo\u200bme\u200b "));
        assertEquals("co\u00adoperate", joined("co\u00adoperate"));
        assertEquals("do|n\u2060't", joined("don\u2060't"));
        assertEquals("می\u200cخواهم", joined("\u200fمی\u200cخواهم\u200f"));
    }

    @Test
    void controlCharactersPartWords() {
        assertEquals("Ada|Lovelace|lives", joined("Ada\u0000Lovelace\u0001 lives\u0007"));
        assertEquals("a|b", joined("a\ud800b"));
    }

    @Test
    void cutsUnspacedScriptsWithADictionary() {
        assertEquals("東京|と|パリ|の|代表|Ada|Lovelace|が|北京|で", joined("東京とパリの代表Ada Lovelaceが北京で"));
        assertEquals("สวัสดี|ครับ", joined("สวัสดีครับ"));
        assertEquals("2024|年|3|月", joined("2024年3月"));
        assertEquals("ព្រះរាជាណាចក្រ|កម្ពុជា", joined("ព្រះរាជាណាចក្រកម្ពុជា"));
        assertEquals("ພາສາ|ລາວ", joined("ພາສາລາວ"));
        assertEquals("ရန်|ကုန်|မြို့", joined("ရန်ကုန်မြို့"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "-", "×", "n'", "aB3+/", "%F0%9F%9A%80", "a.", "1.", "a-", "👩‍", "🇦", "e\u0301", "x\u200b",
        "漢字", "ก", "\u0301", "\u200b", "a×", "'s"})
    void takesLinearTimeOnAnEndlessWord(String part) {
        String text = part.repeat(1_000_000 / part.length());
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Words.split(text));
    }
}
