package io.metaie.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SplittingPropertiesTest {

    @Provide
    Arbitrary<String> anyText() {
        return Texts.any();
    }

    @Property(tries = 2000)
    void wordsAscendWithoutOverlapAndHoldSomething(@ForAll("anyText") String text) {
        int end = 0;
        for (Word word : Words.split(text)) {
            assertTrue(end <= word.start() && word.start() < word.end(), text);
            end = word.end();
        }
        assertTrue(end <= text.length());
    }

    @Property(tries = 2000)
    void noWordHoldsWhiteSpaceOrControlCharacters(@ForAll("anyText") String text) {
        for (Word word : Words.split(text)) {
            assertFalse(word.in(text).codePoints().anyMatch(SplittingPropertiesTest::parts), text);
        }
    }

    @Property(tries = 2000)
    void wordsCoverAllThatIsSeen(@ForAll("anyText") String text) {
        boolean[] covered = new boolean[text.length()];
        for (Word word : Words.split(text)) {
            Arrays.fill(covered, word.start(), word.end(), true);
        }
        BreakIterator clusters = BreakIterator.getCharacterInstance(ULocale.ROOT);
        clusters.setText(text);
        for (int from = 0, to = clusters.next(); to != BreakIterator.DONE; from = to, to = clusters.next()) {
            String cluster = text.substring(from, to);
            boolean seen = cluster.codePoints().noneMatch(SplittingPropertiesTest::parts)
                    && !cluster.codePoints().allMatch(SplittingPropertiesTest::isInvisible);
            assertTrue(!seen || covered[from] && covered[to - 1], text);
        }
    }

    @Property(tries = 2000)
    void noWordBeginsOrEndsInsideAGraphemeCluster(@ForAll("anyText") String text) {
        BreakIterator clusters = BreakIterator.getCharacterInstance(ULocale.ROOT);
        clusters.setText(text);
        Set<Integer> borders = new HashSet<>();
        for (int i = clusters.first(); i != BreakIterator.DONE; i = clusters.next()) {
            borders.add(i);
        }
        for (Word word : Words.split(text)) {
            assertTrue(borders.contains(word.start()) && borders.contains(word.end()), text);
        }
    }

    @Property(tries = 2000)
    void sentencesHoldEveryWordOnceAndNoWhiteSpaceAround(@ForAll("anyText") String text) {
        List<Word> words = new ArrayList<>();
        int end = 0;
        for (Sentence sentence : Sentences.split(text)) {
            assertTrue(end <= sentence.start());
            end = sentence.end();
            assertEquals(sentence.start(), sentence.words().get(0).start());
            assertEquals(sentence.end(), sentence.words().get(sentence.words().size() - 1).end());
            words.addAll(sentence.words());
        }
        assertEquals(Words.split(text), words);
    }

    @Property(tries = 500)
    void aSentenceAloneHasTheSameWords(@ForAll("anyText") String text) {
        for (Sentence sentence : Sentences.split(text)) {
            assertEquals(sentence.words(), Words.split(text, sentence.start(), sentence.end()), text);
        }
    }

    private static boolean parts(int codePoint) {
        int type = Character.getType(codePoint);
        return UCharacter.isUWhiteSpace(codePoint) || type == Character.CONTROL || type == Character.SURROGATE;
    }

    private static boolean isInvisible(int codePoint) {
        return UCharacter.hasBinaryProperty(codePoint, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
    }
}
