package io.metaie.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentencesTest {

    private static List<String> split(String text) {
        return Sentences.split(text).stream().map(s -> text.substring(s.start(), s.end())).collect(Collectors.toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "We met Dr. White and Prof. A. B. Black. They left.;    We met Dr. White and Prof. A. B. Black.|They left.",
        "He lives in the U.S. The U.S. Army knows.;             He lives in the U.S.|The U.S. Army knows.",
        "Use e.g. Rome, i.e. Italy. Fine.;                      Use e.g. Rome, i.e. Italy.|Fine.",
        "Apple Inc. Chief Tim Cook, Ph.D. Jones.;               Apple Inc. Chief Tim Cook, Ph.D. Jones.",
        "See Fig. 3 and No. 5 of Jan. 7. It costs $3.50. Yes.;  See Fig. 3 and No. 5 of Jan. 7.|It costs $3.50.|Yes.",
        "No. I will not.;                                       No.|I will not.",
        "i am here. call me. ok;                                i am here.|call me.|ok",
        "apples, pears etc. and plums vs. Apples;               apples, pears etc. and plums vs. Apples",
        "\"Really?\" she asked. (Yes.) \"Go.\" He went.;        \"Really?\" she asked.|(Yes.)|\"Go.\"|He went.",
        "See www.example.org/a?Q=1!x and a.B. Good!;            See www.example.org/a?Q=1!x and a.B. Good!",
        "It grew in 2004. 31 people came.;                      It grew in 2004. 31 people came.",
        "It grew this week. 31 people came.;                    It grew this week.|31 people came.",
        "E. coli and C. elegans. Both live.;                    E. coli and C. elegans.|Both live.",
        "Well . . . no. What? Oh!;                              Well . . . no.|What?|Oh!",
        "هل أنت هنا؟ نعم। हाँ।;                                  هل أنت هنا؟|نعم।|हाँ।",
    })
    void tellsEndsFromAbbreviations(String text, String sentences) {
        assertEquals(List.of(sentences.split("\\|")), split(text));
    }

    @Test
    void listItemsAndShortLinesAreSentences() {
        assertEquals(List.of("Crew:", "- Ada Lovelace", "- Alan Turing", "1. Grace Hopper", "Paris", "Rome"),
                split("Crew:\n- Ada Lovelace\n- Alan Turing\n1. Grace Hopper\nParis\nRome"));
        assertEquals(List.of("# Crew", "* **Ada Lovelace** ([Paris](http://x.y))"),
                split("# Crew\n\n* **Ada Lovelace** ([Paris](http://x.y))\n"));
        assertEquals(List.of("a) Ada wrote the first program", "iv. Alan read it", "(2) Grace"),
                split("a) Ada wrote the first program\niv. Alan read it\n(2) Grace"));
    }

    @Test
    void everyKindOfLineEndCounts() {
        String text = "Ada Lovelace\r\n\tParis\r\n\r\nAlan Turing\tRome\r\n";
        assertEquals(List.of("Ada Lovelace", "Paris", "Alan Turing\tRome"), split(text));
        assertEquals(15, Sentences.split(text).get(1).start());
        assertEquals(List.of("Ada", "Alan", "Grace", "Edsger", "Tony"), split("Ada\rAlan\u2028Grace\u2029Edsger\u0085Tony"));
    }

    @Test
    void wrappedLinesAreJoined() {
        assertEquals(List.of(
                        "The quick brown fox jumps over the lazy dog and then it\nruns away from the angry bear that Mr. Smith of "
                                + "New\nYork had seen near Washington D.C. on a very hot day of\nAugust.",
                        "The bear was never found.", "Next paragraph."),
                split("The quick brown fox jumps over the lazy dog and then it\nruns away from the angry bear that Mr. Smith of "
                        + "New\nYork had seen near Washington D.C. on a very hot day of\nAugust. The bear was never found.\n\n"
                        + "Next paragraph."));
    }

    @Test
    void headlinesAreNotJoined() {
        String text = "Apple Unveils New Phone With Better Camera And Battery\n"
                + "Stocks Fall As The Market Worries About Inflation\n"
                + "President Visits Germany For Talks About Security And Trade";
        assertEquals(List.of(text.split("\n")), split(text));
    }

    @Test
    void ideographicStopsNeedNoSpace() {
        assertEquals(List.of("東京とパリの代表Ada Lovelaceが北京で会った。", "𠀀田も来た。"),
                split("東京とパリの代表Ada Lovelaceが北京で会った。𠀀田も来た。"));
    }

    @Test
    void whatHasNoWordIsNoSentence() {
        assertEquals(List.of(), Sentences.split(""));
        assertEquals(List.of(), Sentences.split(" \n\t\u00a0\r\n"));
        assertEquals(List.of("."), split("\n\u0000\n.\n\u200b"));
    }

    @Test
    void trimsWhiteSpaceAndKeepsOffsets() {
        Sentence sentence = Sentences.split("   Ada Lovelace , of Paris.  ").get(0);
        assertEquals(3, sentence.start());
        assertEquals(27, sentence.end());
        assertEquals(new Word(21, 26), sentence.words().get(4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "-", "aB3+/", "%F0%9F", "! ", "。", "A. ", ". ", "a\n", "line of text\n", "\n", " ", "( ",
        "a. b ", "Dr. ", "the. x", ") !", "💩", "e.g. ", "A line that is as long as lines in mails are.\n"})
    void takesLinearTimeOnAMegabyteOf(String part) {
        String text = part.repeat(1_000_000 / part.length());
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Sentences.split(text));
    }

    @Test
    void isSafeForManyThreads() {
        String text = "Dr. Ada Lovelace lives in Paris. 東京で会った。 She met René. ".repeat(50);
        List<Sentence> expected = Sentences.split(text);
        assertTrue(expected.size() > 100);
        assertTrue(IntStream.range(0, 64).parallel()
                .allMatch(i -> Sentences.split(text).equals(expected)));
    }
}
