package io.metaie.tagging;

import io.metaie.label.Label;
import java.util.Arrays;

/** Encodes what stands in front of the sentence in a query: {@code <label words> :}. */
public final class Prompts {

    private static final String COLON = ":";

    private Prompts() {}

    /** A prompt's words and the colon. */
    public static EncodedWords encode(String prompt, WordEncoder encoder) {
        return encode(Label.words(prompt), encoder);
    }

    /** Whether a prompt leaves enough tokens for a sentence. */
    public static boolean leavesRoom(EncodedWords prompt, WordEncoder encoder) {
        return Question.room(prompt.tokens(), encoder) >= Question.MIN_SENTENCE_TOKENS;
    }

    /** The prompt of a label about one head span; a long head is shortened from its end until the sentence has room. */
    public static About about(Label label, String head, WordEncoder encoder) {
        String[] headWords = Label.words(head);
        int kept = headWords.length;
        while (true) {
            String part = String.join(" ", Arrays.copyOf(headWords, kept));
            EncodedWords prompt = encode(label.promptFor(part), encoder);
            if (kept == 0 || leavesRoom(prompt, encoder)) {
                return new About(prompt, kept, headWords.length);
            }
            kept = kept > 8 ? kept * 3 / 4 : kept - 1;
        }
    }

    private static EncodedWords encode(String[] words, WordEncoder encoder) {
        String[] withColon = Arrays.copyOf(words, words.length + 1);
        withColon[words.length] = COLON;
        return EncodedWords.of(withColon, encoder);
    }

    /**
     * A prompt about a head span.
     *
     * @param kept how many words of the head it has
     * @param headWords how many words the head has
     */
    public record About(EncodedWords prompt, int kept, int headWords) {}
}
