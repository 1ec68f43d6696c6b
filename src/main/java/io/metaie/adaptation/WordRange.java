package io.metaie.adaptation;

import io.metaie.text.Word;
import java.util.List;
import java.util.Optional;

/**
 * A run of words.
 *
 * @param from index of the first word
 * @param to index behind the last word
 */
record WordRange(int from, int to) {

    /** The words that a stretch of the text touches; empty when it touches none. */
    static Optional<WordRange> touching(List<Word> words, int start, int end) {
        int from = 0;
        while (from < words.size() && words.get(from).end() <= start) {
            from++;
        }
        int to = from;
        while (to < words.size() && words.get(to).start() < end) {
            to++;
        }
        return from < to ? Optional.of(new WordRange(from, to)) : Optional.empty();
    }
}
