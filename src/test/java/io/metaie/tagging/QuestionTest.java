package io.metaie.tagging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class QuestionTest {

    private static final FakeEncoder ENCODER = new FakeEncoder(40);

    @Test
    void aShortSentenceIsOneQuery() {
        EncodedWords prompt = EncodedWords.of(new String[] {"Person", ":"}, ENCODER);
        EncodedWords sentence = EncodedWords.of(new String[] {"Ada", "Lovelace", "met"}, ENCODER);
        Query query = Question.of(prompt, sentence, ENCODER).queries().get(0);
        assertArrayEquals(new int[] {
            1, FakeEncoder.idOf("Person"), 3, FakeEncoder.idOf(":"),
            FakeEncoder.idOf("Ada"), FakeEncoder.idOf("Lovelace"), 3, FakeEncoder.idOf("met"), 2
        }, query.tokens());
        assertArrayEquals(new int[] {4, 5, 7}, query.firsts());
    }

    @Test
    void onlyTheFirstSubTokensOfALongWordAreKept() {
        EncodedWords words = EncodedWords.of(new String[] {"a", "b".repeat(300), "c"}, ENCODER);
        assertEquals(1 + EncodedWords.MAX_WORD_TOKENS + 1, words.tokens());
        assertEquals(List.of(1), words.cut());
    }

    @Property
    void windowsCoverEveryWordAndFitTheModel(@ForAll @Size(min = 1, max = 300) List<@IntRange(min = 1, max = 90) Integer> lengths) {
        EncodedWords prompt = EncodedWords.of(new String[] {"Label", ":"}, ENCODER);
        EncodedWords sentence =
                EncodedWords.of(lengths.stream().map("w"::repeat).toArray(String[]::new), ENCODER);
        Question question = Question.of(prompt, sentence, ENCODER);
        List<Tags> answers = new ArrayList<>();
        for (Query query : question.queries()) {
            assertTrue(query.length() <= ENCODER.maxTokens());
            assertEquals(1, query.tokens()[0]);
            assertEquals(2, query.tokens()[query.length() - 1]);
            float[] places = new float[query.firsts().length];
            for (int i = 0; i < places.length; i++) {
                places[i] = query.tokens()[query.firsts()[i]];
            }
            answers.add(new Tags(new byte[places.length], places));
        }
        Tags joined = question.join(answers);
        for (int word = 0; word < sentence.size(); word++) {
            assertEquals(FakeEncoder.idOf("w".repeat(lengths.get(word))), (int) joined.probabilities()[word]);
        }
    }

    @Test
    void aWordTakesTheTagOfTheWindowWhereItStandsFarthestFromACut() {
        EncodedWords prompt = EncodedWords.of(new String[] {":"}, ENCODER);
        EncodedWords sentence = EncodedWords.of("w ".repeat(60).split(" "), ENCODER);
        Question question = Question.of(prompt, sentence, ENCODER);
        // Room for 37 words: [0, 37), [19, 56), [38, 60).
        assertEquals(3, question.queries().size());
        List<Tags> answers = new ArrayList<>();
        for (int w = 0; w < 3; w++) {
            int words = question.queries().get(w).firsts().length;
            float[] window = new float[words];
            java.util.Arrays.fill(window, w);
            answers.add(new Tags(new byte[words], window));
        }
        float[] chosen = question.join(answers).probabilities();
        assertEquals(0, chosen[0]);
        assertEquals(0, chosen[20], "close to the second window's start");
        assertEquals(1, chosen[36], "at the first window's end");
        assertEquals(2, chosen[59]);
    }
}
