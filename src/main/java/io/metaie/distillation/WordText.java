package io.metaie.distillation;

import io.metaie.text.Word;
import io.metaie.text.Words;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A text in which spans are looked for: whole words only. As it stands, or folded: case, the kinds of quotes and the
 * lengths of white space are then all the same. Every look takes time linear in the text times the span.
 */
final class WordText {

    private final String text;
    /** Offsets of {@link #text} in the original: {@code [length + 1]}. */
    private final int[] original;
    private final int[] starts;
    private final BitSet ends = new BitSet();

    /** A slice of the original text, UTF-16 offsets. */
    record Place(int start, int end) {}

    private WordText(String text, int[] original, List<Word> words, int[] folded) {
        this.text = text;
        this.original = original;
        this.starts = words.stream().mapToInt(word -> folded[word.start()]).toArray();
        words.forEach(word -> ends.set(folded[word.end()]));
    }

    /** The text as it stands. */
    static WordText exact(String text) {
        int[] same = new int[text.length() + 1];
        for (int i = 0; i < same.length; i++) {
            same[i] = i;
        }
        return new WordText(text, same, Words.split(text), same);
    }

    /** The text folded. */
    static WordText folded(String text) {
        int[] original = new int[text.length() + 1];
        int[] folded = new int[text.length() + 1];
        String fold = fold(text, original, folded);
        return new WordText(fold, original, Words.split(text), folded);
    }

    /** A span to be looked for in a folded text. */
    static String fold(String span) {
        return fold(span, new int[span.length() + 1], new int[span.length() + 1]).strip();
    }

    /** The places of a span, from left to right, none sharing a character with the one before. */
    List<Place> find(String span) {
        List<Place> places = new ArrayList<>();
        if (span.isEmpty()) {
            return places;
        }
        int free = 0;
        for (int start : starts) {
            int end = start + span.length();
            if (start >= free && end <= text.length() && ends.get(end) && text.startsWith(span, start)) {
                places.add(new Place(original[start], original[end]));
                free = end;
            }
        }
        return places;
    }

    /**
     * Folds code point by code point, so that every place is one of the original.
     *
     * @param original is filled with the place in the text of each place in the fold
     * @param folded is filled with the place in the fold of each place in the text
     */
    private static String fold(String text, int[] original, int[] folded) {
        StringBuilder fold = new StringBuilder(text.length());
        boolean space = false;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int width = Character.charCount(codePoint);
            int sign = sign(codePoint);
            for (int unit = i; unit < i + width; unit++) {
                folded[unit] = fold.length();
            }
            if (sign != ' ' || !space) {
                // The fold of a code point may be narrower than itself, never wider.
                for (int unit = 0; unit < Character.charCount(sign); unit++) {
                    original[fold.length() + unit] = i;
                }
                fold.appendCodePoint(sign);
            }
            space = sign == ' ';
            i += width;
            // What ends here ends before the white space that follows.
            folded[i] = fold.length();
            original[fold.length()] = i;
        }
        return fold.toString();
    }

    private static int sign(int codePoint) {
        if (Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)) {
            return ' ';
        }
        switch (codePoint) {
            case '‘', '’', '‚', '‛', '´', '`', 'ʼ', '＇':
                return '\'';
            case '“', '”', '„', '‟', '«', '»', '＂':
                return '"';
            default:
                int sign = Character.toLowerCase(Character.toUpperCase(codePoint));
                return Character.charCount(sign) <= Character.charCount(codePoint) ? sign : codePoint;
        }
    }
}
