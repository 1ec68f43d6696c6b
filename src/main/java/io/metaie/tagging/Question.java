package io.metaie.tagging;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One label asked of one sentence: a single query, or overlapping windows where the sentence is longer than the model
 * reads at once. Windows are as long as the model allows and go on from the word in the middle of the one before; a
 * word's tag is taken from the window where it stands farthest from a cut.
 */
public final class Question {

    /** How many tokens a prompt must leave for the sentence. */
    public static final int MIN_SENTENCE_TOKENS = 16;

    private final EncodedWords sentence;
    private final List<Query> queries;
    private final int[] from;

    private Question(EncodedWords sentence, List<Query> queries, int[] from) {
        this.sentence = sentence;
        this.queries = List.copyOf(queries);
        this.from = from;
    }

    /** The tokens a prompt of so many tokens leaves for the sentence. */
    public static int room(int promptTokens, WordEncoder encoder) {
        return encoder.maxTokens() - 2 - promptTokens;
    }

    /**
     * How many queries one label and sentence take.
     *
     * @param promptTokens at most what leaves {@link #MIN_SENTENCE_TOKENS} tokens
     * @param sentence at least one word
     */
    public static int windows(int promptTokens, EncodedWords sentence, WordEncoder encoder) {
        int room = room(promptTokens, encoder);
        if (sentence.tokens() <= room) {
            return 1;
        }
        int windows = 0;
        for (int first = 0; first < sentence.size(); first = next(sentence, first, end(sentence, first, room))) {
            windows++;
        }
        return windows;
    }

    /**
     * Lays out the queries of one label and sentence.
     *
     * @param prompt the label's words and the colon; must leave {@link #MIN_SENTENCE_TOKENS} tokens
     * @param sentence at least one word
     */
    public static Question of(EncodedWords prompt, EncodedWords sentence, WordEncoder encoder) {
        int room = room(prompt.tokens(), encoder);
        List<Query> queries = new ArrayList<>(1);
        List<Integer> from = new ArrayList<>(1);
        for (int first = 0; first < sentence.size(); ) {
            int end = end(sentence, first, room);
            queries.add(query(prompt, sentence, first, end, room, encoder));
            from.add(first);
            first = next(sentence, first, end);
        }
        return new Question(sentence, queries, from.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The word behind the window that begins with a word. */
    private static int end(EncodedWords sentence, int first, int room) {
        int end = first;
        while (end < sentence.size() && sentence.starts()[end + 1] - sentence.starts()[first] <= room) {
            end++;
        }
        // A single word longer than the room is cut: only its first sub-token is read for its tag anyway.
        return Math.max(end, first + 1);
    }

    /** The word the next window begins with: the one in the middle, or none behind the last window. */
    private static int next(EncodedWords sentence, int first, int end) {
        if (end == sentence.size()) {
            return end;
        }
        int middle = (sentence.starts()[first] + sentence.starts()[end]) / 2;
        int next = first + 1;
        while (next < end && sentence.starts()[next] < middle) {
            next++;
        }
        return next;
    }

    private static Query query(
            EncodedWords prompt, EncodedWords sentence, int first, int end, int room, WordEncoder encoder) {
        int base = sentence.starts()[first];
        int length = Math.min(room, sentence.starts()[end] - base);
        int head = 1 + prompt.tokens();
        int[] tokens = new int[head + length + 1];
        tokens[0] = encoder.bos();
        System.arraycopy(prompt.ids(), 0, tokens, 1, prompt.tokens());
        System.arraycopy(sentence.ids(), base, tokens, head, length);
        tokens[head + length] = encoder.eos();
        int[] firsts = new int[end - first];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = head + sentence.starts()[first + i] - base;
        }
        return new Query(tokens, firsts);
    }

    /** The queries to be tagged, in order. */
    public List<Query> queries() {
        return queries;
    }

    /** The index of the sentence's word that a query begins with. */
    public int firstWord(int query) {
        return from[query];
    }

    /** Joins the answers of the windows to one tag a word of the sentence. */
    public Tags join(List<Tags> answers) {
        if (answers.size() == 1) {
            return answers.get(0);
        }
        int words = sentence.size();
        byte[] tags = new byte[words];
        float[] probabilities = new float[words];
        int[] distances = new int[words];
        Arrays.fill(distances, -1);
        for (int w = 0; w < answers.size(); w++) {
            Tags answer = answers.get(w);
            int first = from[w];
            int end = first + answer.tags().length;
            for (int word = first; word < end; word++) {
                int distance = Math.min(
                        first == 0 ? Integer.MAX_VALUE : sentence.starts()[word] - sentence.starts()[first],
                        end == words ? Integer.MAX_VALUE : sentence.starts()[end] - sentence.starts()[word + 1]);
                if (distance > distances[word]) {
                    distances[word] = distance;
                    tags[word] = answer.tags()[word - first];
                    probabilities[word] = answer.probabilities()[word - first];
                }
            }
        }
        return new Tags(tags, probabilities);
    }
}
