package io.metaie.distillation;

import io.metaie.text.Words;
import java.util.HashSet;
import java.util.Set;

/** Tells which sentences of a corpus are worth a teacher's time: not too short or long, mostly letters, each once. */
public final class SentenceFilter {

    private static final int LEAST_WORDS = 5;
    private static final int MOST_WORDS = 80;
    private static final int MOST_CHARS = 1_000;
    /** Of the characters that are no white space; tables, code and lists of numbers have fewer. */
    private static final double LEAST_LETTERS = 0.7;

    /** Halves of the hashes of those taken. */
    private final Set<Long> taken = new HashSet<>();

    /** Whether to take a sentence; the second time never. */
    public boolean takes(String sentence) {
        return sentence.length() <= MOST_CHARS && isLanguage(sentence) && hasWords(sentence)
                && taken.add(Long.parseUnsignedLong(Template.hash(sentence).substring(0, 16), 16));
    }

    private static boolean hasWords(String sentence) {
        int words = Words.split(sentence).size();
        return words >= LEAST_WORDS && words <= MOST_WORDS;
    }

    private static boolean isLanguage(String sentence) {
        long seen = sentence.codePoints().filter(c -> !Character.isWhitespace(c) && !Character.isSpaceChar(c)).count();
        long letters = sentence.codePoints().filter(c -> Character.isLetter(c) || isMark(c)).count();
        return seen > 0 && letters >= LEAST_LETTERS * seen;
    }

    /** A vowel sign or an accent is part of a letter. */
    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }
}
