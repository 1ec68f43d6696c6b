package io.metaie.text;

import java.util.List;

/**
 * A sentence of a text with its words.
 *
 * @param start offset of the first UTF-16 unit in the text, never white space
 * @param end offset behind the last UTF-16 unit, never behind white space
 * @param words the words in order, offsets from the start of the <em>text</em>; never empty
 */
public record Sentence(int start, int end, List<Word> words) {

    public Sentence {
        words = List.copyOf(words);
    }
}
