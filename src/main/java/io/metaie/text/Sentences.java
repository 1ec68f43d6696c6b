package io.metaie.text;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;

/** Cuts text into sentences with their words, in time linear in its length. */
public final class Sentences {

    /** Costly to build, cheap to use again; one a thread, since it has a state. */
    private static final ThreadLocal<BreakIterator> UNICODE =
            ThreadLocal.withInitial(() -> BreakIterator.getSentenceInstance(ULocale.ROOT));

    private Sentences() {}

    /**
     * The sentences of a text in order. They begin and end with a word; every word of {@link Words#split(String)}
     * stands in one of them.
     */
    public static List<Sentence> split(String text) {
        List<Word> words = Words.split(text);
        if (words.isEmpty()) {
            return List.of();
        }
        String unwrapped = Lines.unwrap(text);
        SentenceEnds ends = new SentenceEnds(text, words);
        List<Sentence> sentences = new ArrayList<>();
        BreakIterator unicode = UNICODE.get();
        unicode.setText(unwrapped);
        int end = unicode.next();
        int first = 0;
        for (int next = 1; next < words.size(); next++) {
            int from = words.get(next - 1).end();
            int to = words.get(next).start();
            while (end != BreakIterator.DONE && end < from) {
                end = unicode.next();
            }
            if (hasLineEnd(unwrapped, from, to) || ends.between(first, next, end != BreakIterator.DONE && end <= to)) {
                sentences.add(sentence(words, first, next));
                first = next;
            }
        }
        sentences.add(sentence(words, first, words.size()));
        unicode.setText(""); // holds no document back from the garbage collector
        return sentences;
    }

    private static boolean hasLineEnd(String unwrapped, int from, int to) {
        for (int i = from; i < to; i++) {
            if (unwrapped.charAt(i) == '\n') {
                return true;
            }
        }
        return false;
    }

    private static Sentence sentence(List<Word> words, int from, int to) {
        return new Sentence(words.get(from).start(), words.get(to - 1).end(), words.subList(from, to));
    }
}
