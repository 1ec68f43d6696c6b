package io.metaie.load;

import io.metaie.tagging.EncodedWords;
import io.metaie.tagging.Query;
import io.metaie.tagging.Question;
import io.metaie.tagging.WordEncoder;
import io.metaie.text.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the benchmarks of the tagger ask: a few labels of every sentence of {@link Texts}. */
final class Corpus {

    private static final List<String> LABELS = Documents.labels(4);

    private Corpus() {}

    /** The first queries, in the order in which a stream would ask them. */
    static List<Query> queries(WordEncoder encoder, int count) throws IOException {
        List<EncodedWords> prompts = LABELS.stream()
                .map(label -> EncodedWords.of(new String[] {label, ":"}, encoder))
                .toList();
        List<Query> queries = new ArrayList<>();
        for (String sentence : Texts.sentences(count / LABELS.size() + 1)) {
            EncodedWords words = EncodedWords.of(sentence, Words.split(sentence), encoder);
            prompts.forEach(prompt -> queries.addAll(Question.of(prompt, words, encoder).queries()));
        }
        return queries.subList(0, count);
    }
}
