package io.metaie.tagging;

import io.metaie.text.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words of a sentence (or of a label) as token ids, encoded once and used in many queries. Every word starts a
 * pre-token of its own, so a word's ids do not depend on its neighbours.
 *
 * @param ids {@code [tokens]}: the sub-tokens of all words, one after the other
 * @param starts {@code [words + 1]}: where in {@code ids} each word begins; the last entry is the number of tokens
 * @param cut indexes of words of which only the first {@value #MAX_WORD_TOKENS} sub-tokens are read
 */
public record EncodedWords(int[] ids, int[] starts, List<Integer> cut) {

    /** How many sub-tokens of one word the model reads; the word's tag is on the first of them. */
    public static final int MAX_WORD_TOKENS = 64;

    /** Encodes words of a text. */
    public static EncodedWords of(String text, List<Word> words, WordEncoder encoder) {
        String[] strings = new String[words.size()];
        for (int i = 0; i < strings.length; i++) {
            strings[i] = words.get(i).in(text);
        }
        return of(strings, encoder);
    }

    /** Encodes words given by themselves. */
    public static EncodedWords of(String[] words, WordEncoder encoder) {
        int[] ids = new int[Math.max(16, words.length * 2)];
        int[] starts = new int[words.length + 1];
        List<Integer> cut = new ArrayList<>();
        int length = 0;
        for (int i = 0; i < words.length; i++) {
            int[] word = encoder.encode(words[i]);
            int kept = Math.min(word.length, MAX_WORD_TOKENS);
            if (kept < word.length) {
                cut.add(i);
            }
            if (length + kept > ids.length) {
                ids = Arrays.copyOf(ids, Math.max(length + kept, ids.length * 2));
            }
            System.arraycopy(word, 0, ids, length, kept);
            length += kept;
            starts[i + 1] = length;
        }
        return new EncodedWords(Arrays.copyOf(ids, length), starts, List.copyOf(cut));
    }

    /** How many words. */
    public int size() {
        return starts.length - 1;
    }

    /** How many sub-tokens. */
    public int tokens() {
        return ids.length;
    }
}
