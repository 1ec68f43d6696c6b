package io.metaie.training;

import io.metaie.adaptation.TrainingRow;
import io.metaie.label.Label;
import io.metaie.tagging.EncodedWords;
import io.metaie.tagging.Prompts;
import io.metaie.tagging.Query;
import io.metaie.tagging.Question;
import io.metaie.tagging.Tag;
import io.metaie.tagging.WordEncoder;
import io.metaie.text.Word;
import io.metaie.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Makes rows of a sentence: some of the labels it has, and about as many that it lacks, since a model that is always
 * asked for what is there finds something everywhere.
 */
final class RowSampler {

    private static final int LEAST_WORDS = 2;
    private static final int MOST_WORDS = 110;
    private static final int MOST_ROWS = 4;
    private static final int LONGEST = 160;
    /** Negatives are filled up from the pool until there are so many for each positive. */
    private static final double LEAST_NEGATIVES = 0.6;
    private static final double COMMON_SHARE = 0.2;
    private static final double LOWER_CASE_SHARE = 0.12;

    private final Corpus corpus;
    private final WordEncoder encoder;

    RowSampler(Corpus corpus, WordEncoder encoder) {
        this.corpus = corpus;
        this.encoder = encoder;
    }

    /** A label with the tags of the sentence's words. */
    private record Asked(int label, byte[] tags) {}

    /** Adds rows of one sentence. */
    void sample(TrainingRecord record, Random random, List<TrainingRow> rows) {
        List<Word> words = Words.split(record.text());
        if (words.size() < LEAST_WORDS || words.size() > MOST_WORDS) {
            return;
        }
        List<Asked> positive = new ArrayList<>();
        List<Asked> negative = new ArrayList<>();
        for (int i = 0; i < record.labels().length; i++) {
            byte[] tags = new byte[words.size()];
            Arrays.fill(tags, Tag.O);
            Marked marked = mark(record, i, words, tags);
            if (marked != Marked.OFF_WORDS) {
                (marked == Marked.SOME ? positive : negative).add(new Asked(record.labels()[i], tags));
            }
        }
        Collections.shuffle(negative, random);
        int wanted = Math.max(1, positive.size());
        List<Asked> chosen = new ArrayList<>(negative.subList(0, Math.min(wanted, negative.size())));
        fill(chosen, wanted, record, words.size(), random);
        Collections.shuffle(positive, random);
        String[] strings = words.stream().map(word -> word.in(record.text())).toArray(String[]::new);
        add(positive, strings, random, rows);
        add(chosen, strings, random, rows);
    }

    private enum Marked {
        NONE,
        SOME,
        /** A span begins or ends inside a word: the label is not asked at all. */
        OFF_WORDS
    }

    private static Marked mark(TrainingRecord record, int label, List<Word> words, byte[] tags) {
        Marked marked = Marked.NONE;
        for (int k = 0; k < record.spans().length; k += 3) {
            if (record.spans()[k] != label) {
                continue;
            }
            int from = 0;
            while (from < words.size() && words.get(from).start() != record.spans()[k + 1]) {
                from++;
            }
            int last = from;
            while (last < words.size() && words.get(last).end() != record.spans()[k + 2]) {
                last++;
            }
            if (last >= words.size()) {
                return Marked.OFF_WORDS;
            }
            tags[from] = Tag.B;
            Arrays.fill(tags, from + 1, last + 1, Tag.I);
            marked = Marked.SOME;
        }
        return marked;
    }

    /** Adds labels of other sentences. */
    private void fill(List<Asked> chosen, int wanted, TrainingRecord record, int words, Random random) {
        int[] pool = corpus.pool(record.pool());
        while (chosen.size() < wanted * LEAST_NEGATIVES && pool.length > 0) {
            boolean common = corpus.isOpen(record.pool()) && random.nextDouble() < COMMON_SHARE;
            int[] from = common ? corpus.common() : pool;
            int label = from[random.nextInt(from.length)];
            if (Arrays.stream(record.labels()).anyMatch(known -> known == label)) {
                return;
            }
            byte[] nothing = new byte[words];
            Arrays.fill(nothing, Tag.O);
            chosen.add(new Asked(label, nothing));
        }
    }

    private void add(List<Asked> asked, String[] words, Random random, List<TrainingRow> rows) {
        for (Asked each : asked.subList(0, Math.min(MOST_ROWS, asked.size()))) {
            String label = corpus.label(each.label());
            String[] read = words;
            if (random.nextDouble() < LOWER_CASE_SHARE) {
                read = Arrays.stream(words).map(word -> word.toLowerCase(Locale.ROOT)).toArray(String[]::new);
                label = random.nextDouble() < 0.5 ? label : label.toLowerCase(Locale.ROOT);
            }
            EncodedWords prompt = Prompts.encode(Label.named(label).prompt(), encoder);
            EncodedWords sentence = EncodedWords.of(read, encoder);
            if (2 + prompt.tokens() + sentence.tokens() <= Math.min(LONGEST, encoder.maxTokens())) {
                Query query = Question.of(prompt, sentence, encoder).queries().get(0);
                if (query.firsts().length == each.tags().length) {
                    rows.add(new TrainingRow(query, each.tags()));
                }
            }
        }
    }
}
