package io.metaie.text;

/**
 * A word of a text: what the tagger reads and tags.
 *
 * @param start offset of the first UTF-16 unit in the text
 * @param end offset behind the last UTF-16 unit
 */
public record Word(int start, int end) {

    /** The word as it stands in the text it was cut from. */
    public String in(String text) {
        return text.substring(start, end);
    }
}
