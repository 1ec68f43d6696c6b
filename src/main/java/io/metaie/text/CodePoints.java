package io.metaie.text;

import java.util.Arrays;

/**
 * Translates between UTF-16 offsets (what Java counts in) and code points (what the outside counts in, as the W3C Web
 * Annotation text position selector does).
 */
public final class CodePoints {

    /** Offsets of the low halves of the text's surrogate pairs, ascending. */
    private final int[] lows;

    private CodePoints(int[] lows) {
        this.lows = lows;
    }

    /** Indexes a text, in time linear in its length. */
    public static CodePoints of(String text) {
        int[] lows = new int[0];
        int count = 0;
        for (int i = 1; i < text.length(); i++) {
            if (Character.isLowSurrogate(text.charAt(i)) && Character.isHighSurrogate(text.charAt(i - 1))) {
                if (count == lows.length) {
                    lows = Arrays.copyOf(lows, Math.max(16, count * 2));
                }
                lows[count++] = i;
            }
        }
        return new CodePoints(Arrays.copyOf(lows, count));
    }

    /** The code points in front of a UTF-16 offset; an offset inside a pair counts as the pair's end. */
    public int at(int utf16) {
        int found = Arrays.binarySearch(lows, utf16);
        return utf16 - (found >= 0 ? found : -found - 1);
    }

    /** The UTF-16 offset of a code point: the inverse of {@link #at}. */
    public int utf16(int codePoint) {
        int low = 0;
        int high = lows.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (lows[middle] - 1 - middle < codePoint) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return codePoint + low;
    }
}
