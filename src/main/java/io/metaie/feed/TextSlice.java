package io.metaie.feed;

import io.metaie.text.CodePoints;

/**
 * As much of a text as is shown.
 *
 * @param text the slice
 * @param start how many code points of the text stand before it
 * @param whole how many code points the text has
 */
record TextSlice(String text, int start, int whole) {

    /** So many code points at most. */
    static final int MAX = 4_000;

    private static final int BEFORE = 200;

    /**
     * Cuts a text.
     *
     * @param firstSpan where its first span begins, in code points; what is shown begins a little before that
     */
    static TextSlice of(String text, int firstSpan) {
        CodePoints codePoints = CodePoints.of(text);
        int whole = codePoints.at(text.length());
        if (whole <= MAX) {
            return new TextSlice(text, 0, whole);
        }
        int start = Math.max(0, Math.min(firstSpan - BEFORE, whole - MAX));
        return new TextSlice(
                text.substring(codePoints.utf16(start), codePoints.utf16(start + MAX)), start, whole);
    }
}
