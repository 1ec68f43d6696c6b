package io.metaie.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterEnums.ECharacterCategory;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.lang.UScript;
import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;

/**
 * The grapheme clusters (what a reader takes for one character) of a stretch of text, each reduced to what the rules
 * for words look at. Rules that step from cluster to cluster cannot cut an accent from its letter or a flag in two.
 * Clusters that are invisible as a whole, such as a zero-width space, are left out, so that the rules see through them.
 */
final class Clusters {

    /** White space, control characters, lone surrogates: part of no word. */
    static final byte SEPARATOR = 0;
    /** A letter, or a number that is not a decimal digit: Python's {@code [^\W\d_]}. */
    static final byte LETTER = 1;
    /** A decimal digit: Python's {@code \d}. */
    static final byte DIGIT = 2;
    /** A letter of a script written without spaces: words are found with a dictionary. */
    static final byte UNSPACED = 3;
    /** Anything else that is seen: punctuation, emoji, a mark without a letter, the underscore. */
    static final byte SYMBOL = 4;
    /** Nothing is seen. */
    private static final byte INVISIBLE = 5;

    /** Stands for a Latin letter under a decomposed accent; like composed ones it is Latin, but not A to Z. */
    private static final int ACCENTED = 'À';
    /** Stands for any other character under a mark: it is no longer the punctuation it was. */
    private static final int MARKED = 0xFFFD;

    private static final byte[] ASCII = new byte[128];

    static {
        for (int c = 0; c < ASCII.length; c++) {
            ASCII[c] = c <= ' ' || c == 127 ? SEPARATOR
                    : c >= '0' && c <= '9' ? DIGIT
                    : (c | 32) >= 'a' && (c | 32) <= 'z' ? LETTER : SYMBOL;
        }
    }

    /** Costly to build, cheap to use again; one a thread, since it has a state. */
    private static final ThreadLocal<BreakIterator> CHARACTERS =
            ThreadLocal.withInitial(() -> BreakIterator.getCharacterInstance(ULocale.ROOT));

    private final String text;
    private int[] starts;
    private int[] ends;
    private int[] signs;
    private byte[] kinds;
    private int size;

    private Clusters(String text, int capacity) {
        this.text = text;
        this.starts = new int[capacity];
        this.ends = new int[capacity];
        this.signs = new int[capacity];
        this.kinds = new byte[capacity];
    }

    /** Reads the clusters of {@code text} between two UTF-16 offsets, in time linear in their distance. */
    static Clusters of(String text, int from, int to) {
        Clusters clusters = new Clusters(text, to - from);
        BreakIterator characters = null;
        for (int i = from; i < to; ) {
            int end = plainEnd(text, i, to);
            if (end < 0) {
                if (characters == null) {
                    characters = CHARACTERS.get();
                    characters.setText(text);
                }
                end = Math.min(to, characters.following(i));
            }
            clusters.add(i, end);
            i = end;
        }
        if (characters != null) {
            characters.setText(""); // holds no document back from the garbage collector
        }
        return clusters;
    }

    int size() {
        return size;
    }

    /** What a cluster is; {@link #SEPARATOR} behind the last one. */
    byte kind(int index) {
        return index < size ? kinds[index] : SEPARATOR;
    }

    /** The code point that stands for a cluster in the rules; 0 behind the last one. */
    int sign(int index) {
        return index < size ? signs[index] : 0;
    }

    /** The UTF-16 offset where a cluster begins. */
    int start(int index) {
        return starts[index];
    }

    /** The UTF-16 offset behind a cluster. */
    int end(int index) {
        return ends[index];
    }

    String text() {
        return text;
    }

    /** Where the cluster at {@code i} ends if that takes no thought (nearly always), else -1. */
    private static int plainEnd(String text, int i, int to) {
        char c = text.charAt(i);
        int end = i + 1;
        if (c < 0x300 && c != '\r') {
            if (end == to || text.charAt(end) < 0x300) {
                return end;
            }
        }
        int codePoint = c;
        if (Character.isHighSurrogate(c) && end < to && Character.isLowSurrogate(text.charAt(end))) {
            codePoint = Character.toCodePoint(c, text.charAt(end));
            end++;
        }
        boolean plain = end == to || breaksFreely(codePoint) && breaksFreely(text.codePointAt(end));
        return plain ? end : -1;
    }

    /** No cluster is made of two characters of which neither extends, joins or precedes (UAX 29, rule GB999). */
    private static boolean breaksFreely(int codePoint) {
        return UCharacter.getIntPropertyValue(codePoint, UProperty.GRAPHEME_CLUSTER_BREAK)
                == UCharacter.GraphemeClusterBreak.OTHER;
    }

    private void add(int start, int end) {
        int sign = text.codePointAt(start);
        byte kind = kindOf(sign);
        int next = start + Character.charCount(sign);
        if (next < end && kind != SEPARATOR) {
            boolean marked = false;
            for (int i = next; i < end; ) {
                int codePoint = text.codePointAt(i);
                i += Character.charCount(codePoint);
                byte further = kindOf(codePoint);
                if (further == SEPARATOR) { // a sign that is prefixed to white space parts words as that does
                    kind = SEPARATOR;
                    marked = false;
                    break;
                }
                if (further == INVISIBLE) {
                    continue;
                }
                // A sign that is prefixed to a letter or digit (Arabic, Indic) does not hide it.
                if (kind == INVISIBLE || kind == SYMBOL && (further == LETTER || further == DIGIT)) {
                    sign = codePoint;
                    kind = further;
                } else {
                    marked = true;
                }
            }
            if (marked) {
                sign = sign < 128 && kind == LETTER ? ACCENTED : kind == LETTER ? sign : MARKED;
            }
        }
        if (kind != INVISIBLE) {
            starts[size] = start;
            ends[size] = end;
            signs[size] = sign;
            kinds[size++] = kind;
        }
    }

    private static byte kindOf(int codePoint) {
        if (codePoint < 128) {
            return ASCII[codePoint];
        }
        switch (UCharacter.getType(codePoint)) {
            case ECharacterCategory.CONTROL:
            case ECharacterCategory.SURROGATE:
            case ECharacterCategory.SPACE_SEPARATOR:
            case ECharacterCategory.LINE_SEPARATOR:
            case ECharacterCategory.PARAGRAPH_SEPARATOR:
                return SEPARATOR;
            case ECharacterCategory.DECIMAL_DIGIT_NUMBER:
                return DIGIT;
            case ECharacterCategory.UPPERCASE_LETTER:
            case ECharacterCategory.LOWERCASE_LETTER:
                return LETTER;
            case ECharacterCategory.TITLECASE_LETTER:
            case ECharacterCategory.MODIFIER_LETTER:
            case ECharacterCategory.OTHER_LETTER:
                return isUnspaced(codePoint) ? UNSPACED : LETTER;
            case ECharacterCategory.NON_SPACING_MARK:
            case ECharacterCategory.COMBINING_SPACING_MARK:
                return isUnspaced(codePoint) ? UNSPACED : isInvisible(codePoint) ? INVISIBLE : SYMBOL;
            default:
                return isInvisible(codePoint) ? INVISIBLE : isNumeric(codePoint) ? LETTER : SYMBOL;
        }
    }

    private static boolean isInvisible(int codePoint) {
        return UCharacter.hasBinaryProperty(codePoint, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
    }

    private static boolean isNumeric(int codePoint) {
        return UCharacter.getIntPropertyValue(codePoint, UProperty.NUMERIC_TYPE) != UCharacter.NumericType.NONE;
    }

    private static boolean isUnspaced(int codePoint) {
        if (codePoint < 0x0E00) {
            return false;
        }
        switch (UScript.getScript(codePoint)) {
            case UScript.HAN:
            case UScript.HIRAGANA:
            case UScript.KATAKANA:
            case UScript.THAI:
            case UScript.LAO:
            case UScript.KHMER:
            case UScript.MYANMAR:
                return true;
            case UScript.COMMON: // the long vowel sign of both Kana
                return UScript.hasScript(codePoint, UScript.KATAKANA);
            default:
                return false;
        }
    }
}
