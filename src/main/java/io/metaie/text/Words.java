package io.metaie.text;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Cuts text into words, Penn-Treebank-like: what the tagger reads and tags, in training as in service. As one pattern
 * of Python's {@code re}, whose alternatives are tried in this order at each place, the rules are
 *
 * <pre>
 *   (?:[A-Za-z]\.){2,}                                                  U.S.  e.g.
 *   [A-Za-zÀ-ɏ]+(?=n['’]t\b)                                            do | n't
 *   n['’]t\b  |  ['’](?:s|re|ve|ll|d|m|S)\b                             n't  's
 *   \d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s)?                                 1,000.5  20th
 *   [^\W\d_]+(?:[-&amp;'’](?!(?:s|re|ve|ll|d|m|S)\b)[^\W_]+)*\d*            co-founder  O'Brien  AT&amp;T
 *   \.\.\.  |  --  |  ``  |  ''  |  [^\w\s]  |  \w                      any other sign by itself
 * </pre>
 *
 * applied to grapheme clusters instead of code points, seeing through invisible ones. Beyond it, control characters
 * belong to no word, and runs of Han, Kana, Thai, Lao, Khmer and Myanmar are cut with ICU's dictionaries. The bundled
 * model was trained on these words: whoever changes them measures its F1 again.
 *
 * <p>The pattern is written out by hand since {@code java.util.regex} overflows the stack or takes quadratic time on
 * an endless word; here each cluster is looked at a bounded number of times.
 */
public final class Words {

    /** Costly to build, cheap to use again; one a thread, since it has a state. */
    private static final ThreadLocal<BreakIterator> DICTIONARY =
            ThreadLocal.withInitial(() -> BreakIterator.getWordInstance(ULocale.ROOT));

    private static final String[] CLITICS = {"s", "re", "ve", "ll", "d", "m", "S"};

    private final Clusters clusters;
    private final List<Word> words = new ArrayList<>();
    /** Where the run of Latin letters ends that was looked at last. */
    private int latinEnd;

    private Words(Clusters clusters) {
        this.clusters = clusters;
    }

    /** The words of a text in order. */
    public static List<Word> split(String text) {
        return split(text, 0, text.length());
    }

    /**
     * The words between two UTF-16 offsets of a text, in order, their offsets counted from the start of the text. They
     * are never empty, never overlap, hold no white space, and begin and end on borders of grapheme clusters.
     *
     * @throws IndexOutOfBoundsException when the offsets are not inside the text
     */
    public static List<Word> split(String text, int from, int to) {
        Objects.checkFromToIndex(from, to, text.length());
        return new Words(Clusters.of(text, from, to)).scan();
    }

    private List<Word> scan() {
        for (int i = 0; i < clusters.size(); ) {
            byte kind = clusters.kind(i);
            if (kind == Clusters.SEPARATOR) {
                i++;
            } else if (kind == Clusters.UNSPACED) {
                i = cutByDictionary(i);
            } else {
                int end = end(i, kind);
                add(i, end);
                i = end;
            }
        }
        return words;
    }

    private void add(int from, int to) {
        words.add(new Word(clusters.start(from), clusters.end(to - 1)));
    }

    /** The end of the word that begins at a cluster: the first alternative that matches. */
    private int end(int i, byte kind) {
        int end = kind == Clusters.LETTER ? dottedEnd(i) : i;
        if (end == i) {
            end = negatedEnd(i);
        }
        if (end > i) {
            return end;
        }
        switch (kind) {
            case Clusters.DIGIT:
                return numberEnd(i);
            case Clusters.LETTER:
                return isNegation(i) ? i + 3 : compoundEnd(i);
            default:
                int clitic = isApostrophe(i) ? cliticLength(i + 1) : 0;
                return clitic > 0 ? i + 1 + clitic : symbolEnd(i);
        }
    }

    /** {@code (?:[A-Za-z]\.){2,}} */
    private int dottedEnd(int i) {
        int end = i;
        while (isAsciiLetter(clusters.sign(end)) && clusters.sign(end + 1) == '.') {
            end += 2;
        }
        return end - i >= 4 ? end : i;
    }

    /** {@code [A-Za-zÀ-ɏ]+(?=n['’]t\b)}: only the last letter of the run can be that n, since ' is no letter. */
    private int negatedEnd(int i) {
        if (i >= latinEnd) {
            latinEnd = i;
            while (isLatin(clusters.sign(latinEnd))) {
                latinEnd++;
            }
        }
        return latinEnd - 1 > i && isNegation(latinEnd - 1) ? latinEnd - 1 : i;
    }

    /** {@code n['’]t\b} */
    private boolean isNegation(int i) {
        return clusters.sign(i) == 'n' && isApostrophe(i + 1) && clusters.sign(i + 2) == 't' && isBorder(i + 3);
    }

    /** {@code (?:s|re|ve|ll|d|m|S)\b}: its length, 0 when there is none. */
    private int cliticLength(int i) {
        for (String clitic : CLITICS) {
            int matched = 0;
            while (matched < clitic.length() && clusters.sign(i + matched) == clitic.charAt(matched)) {
                matched++;
            }
            if (matched == clitic.length() && isBorder(i + matched)) {
                return matched;
            }
        }
        return 0;
    }

    /** {@code \d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s)?} */
    private int numberEnd(int i) {
        int end = digitsEnd(i);
        while (isOneOf(end, ".,:/") && clusters.kind(end + 1) == Clusters.DIGIT) {
            end = digitsEnd(end + 1);
        }
        int first = clusters.sign(end);
        int second = clusters.sign(end + 1);
        boolean ordinal = first == 's' && second == 't' || first == 'n' && second == 'd'
                || first == 'r' && second == 'd' || first == 't' && second == 'h';
        return ordinal ? end + 2 : first == 's' ? end + 1 : end;
    }

    /** {@code [^\W\d_]+(?:[-&'’](?!(?:s|re|ve|ll|d|m|S)\b)[^\W_]+)*\d*} */
    private int compoundEnd(int i) {
        int end = i;
        while (clusters.kind(end) == Clusters.LETTER) {
            end++;
        }
        while (isOneOf(end, "-&'’") && isAlphanumeric(end + 1) && cliticLength(end + 1) == 0) {
            end++;
            while (isAlphanumeric(end)) {
                end++;
            }
        }
        return digitsEnd(end);
    }

    /** {@code \.\.\.|--|``|''|[^\w\s]|_} */
    private int symbolEnd(int i) {
        int sign = clusters.sign(i);
        if (sign == '.') {
            return clusters.sign(i + 1) == '.' && clusters.sign(i + 2) == '.' ? i + 3 : i + 1;
        }
        return isOneOf(i, "-`'") && clusters.sign(i + 1) == sign ? i + 2 : i + 1;
    }

    private int digitsEnd(int i) {
        int end = i;
        while (clusters.kind(end) == Clusters.DIGIT) {
            end++;
        }
        return end;
    }

    /** Cuts a run of letters written without spaces where the dictionary says so, but never inside a cluster. */
    private int cutByDictionary(int from) {
        int to = from;
        while (clusters.kind(to) == Clusters.UNSPACED) {
            to++;
        }
        int offset = clusters.start(from);
        BreakIterator dictionary = DICTIONARY.get();
        dictionary.setText(clusters.text().substring(offset, clusters.end(to - 1)));
        int begin = from;
        int end = from;
        for (int cut = dictionary.next(); cut != BreakIterator.DONE; cut = dictionary.next()) {
            while (end < to && clusters.start(end) < offset + cut) {
                end++;
            }
            boolean onBorder = end == to || clusters.start(end) == offset + cut;
            // Of a cut behind an invisible cluster nothing is left but the place.
            boolean behindInvisible = end > begin && clusters.end(end - 1) <= offset + cut;
            if (end > begin && (onBorder || behindInvisible)) {
                add(begin, end);
                begin = end;
            }
        }
        dictionary.setText("");
        return to;
    }

    /** {@code \b} behind a letter; letters found with a dictionary begin a word of their own. */
    private boolean isBorder(int i) {
        return !isAlphanumeric(i) && clusters.sign(i) != '_';
    }

    private boolean isAlphanumeric(int i) {
        byte kind = clusters.kind(i);
        return kind == Clusters.LETTER || kind == Clusters.DIGIT;
    }

    private boolean isApostrophe(int i) {
        return isOneOf(i, "'’");
    }

    private boolean isOneOf(int i, String signs) {
        return signs.indexOf(clusters.sign(i)) >= 0;
    }

    private static boolean isAsciiLetter(int sign) {
        return sign >= 'a' && sign <= 'z' || sign >= 'A' && sign <= 'Z';
    }

    private static boolean isLatin(int sign) {
        return isAsciiLetter(sign) || sign >= 'À' && sign <= 'ɏ';
    }
}
