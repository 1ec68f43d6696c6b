package io.metaie.text;

import java.util.List;

/**
 * Judges whether a sentence ends between two words of a line. The rules of Unicode (UAX 29) take every full stop before
 * a capital for an end, and none before a small letter; here abbreviations, initials, numbers, list marks and addresses
 * are told from ends, and sentences without capitals are found.
 */
final class SentenceEnds {

    /** What may stand between the stop and the end of the sentence. */
    private static final String CLOSING = "\"'”’»)]}";
    /** What may stand in front of the first word. */
    private static final String OPENING = "\"'“‘«([{";
    /** What no sentence begins with. */
    private static final String NEVER_FIRST = ".,;:)]}%";

    private final String text;
    private final List<Word> words;

    SentenceEnds(String text, List<Word> words) {
        this.text = text;
        this.words = words;
    }

    /**
     * Whether a sentence that begins with word {@code first} ends before word {@code next}.
     *
     * @param unicode whether it does by the rules of Unicode
     */
    boolean between(int first, int next, boolean unicode) {
        int begin = text.codePointAt(words.get(next).start());
        if (!unicode && !isStop(next - 1) || NEVER_FIRST.indexOf(begin) >= 0) {
            return false;
        }
        int last = next - 1;
        while (last > first && CLOSING.indexOf(sign(last)) >= 0) {
            last--;
        }
        char end = text.charAt(words.get(last).end() - 1);
        if (touch(next - 1, next) && end < 0x80) {
            return false; // as in example.org/search?Q=1; 。 needs no space behind it
        }
        if (end == '.') {
            return isStop(last) ? stopEnds(first, last, next, unicode) : dotsEnd(last, next, unicode);
        }
        boolean quoted = last < next - 1;
        return !(quoted && Character.isLowerCase(begin)); // "Really?" she asked.
    }

    /** Whether the sentence ends with a word that ends in a dot itself: {@code U.S.}, or {@code ...}. */
    private boolean dotsEnd(int last, int next, boolean unicode) {
        String word = words.get(last).in(text);
        return unicode && (word.startsWith("..") || !goesOn(word, next));
    }

    private boolean stopEnds(int first, int stop, int next, boolean unicode) {
        if (stop == first) {
            return unicode;
        }
        if (!touch(stop - 1, stop)) {
            return unicode || !isStop(stop - 1); // not in . . .
        }
        String word = words.get(stop - 1).in(text);
        if (stop - 1 == first && isListMark(word)) {
            return false;
        }
        boolean number = Character.isDigit(text.charAt(words.get(next).start()));
        if (number && (Abbreviations.isBeforeNumbers(word) || Character.isDigit(word.charAt(word.length() - 1)))) {
            return false;
        }
        if (Abbreviations.isListed(word) || isTailOfAbbreviation(first, stop - 1)) {
            return !goesOn(word, next);
        }
        return unicode || !Abbreviations.isSuspect(word);
    }

    /** The second half of {@code Ph.D} or {@code B.Sc}. */
    private boolean isTailOfAbbreviation(int first, int word) {
        Word w = words.get(word);
        return w.end() - w.start() <= 2 && word - 1 >= first && isStop(word - 1) && touch(word - 1, word);
    }

    /** Whether an abbreviation stands inside a sentence, to judge from the word behind it. */
    private boolean goesOn(String abbreviation, int next) {
        if (Abbreviations.isLeading(abbreviation)) {
            return true;
        }
        int word = next;
        if (OPENING.indexOf(sign(word)) >= 0 && word + 1 < words.size()) {
            word++;
        }
        boolean initial = word + 1 < words.size() && isStop(word + 1); // the I of Dr. I. Newton begins nothing
        return initial || !Abbreviations.isStarter(words.get(word).in(text));
    }

    /** The number or letter in front of an item: {@code 12}, {@code b}, {@code iv}. */
    private static boolean isListMark(String word) {
        return word.length() == 1 && Character.isLetterOrDigit(word.charAt(0))
                || word.length() <= 3 && (word.chars().allMatch(Character::isDigit)
                        || word.chars().allMatch(c -> "ivxIVX".indexOf(c) >= 0));
    }

    private boolean isStop(int word) {
        return sign(word) == '.';
    }

    /** Whether nothing stands between two words. */
    private boolean touch(int word, int next) {
        return words.get(word).end() == words.get(next).start();
    }

    /** The only UTF-16 unit of a word, 0 when it has more. */
    private char sign(int word) {
        Word w = words.get(word);
        return w.end() - w.start() == 1 ? text.charAt(w.start()) : 0;
    }
}
