package io.metaie.load;

import io.metaie.files.TextFiles;
import io.metaie.tagging.EncodedWords;
import io.metaie.tagging.Query;
import io.metaie.tagging.Question;
import io.metaie.tagging.WordEncoder;
import io.metaie.text.Sentence;
import io.metaie.text.Sentences;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the benchmarks of the tagger ask: every label of a few of every sentence of a text file, a document a line. */
final class Corpus {

    static final Path FILE = Path.of("load-tests/data/wiki.txt.xz");
    private static final List<String> LABELS = List.of("Person", "Location", "Organization", "Date");

    private Corpus() {}

    /** The first queries of the corpus, in the order in which a stream would ask them. */
    static List<Query> queries(WordEncoder encoder, int count) throws IOException {
        List<EncodedWords> prompts = LABELS.stream()
                .map(label -> EncodedWords.of(new String[] {label, ":"}, encoder))
                .toList();
        List<Query> queries = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(TextFiles.open(FILE).content(), StandardCharsets.UTF_8))) {
            for (String text = lines.readLine(); text != null && queries.size() < count; text = lines.readLine()) {
                for (Sentence sentence : Sentences.split(text)) {
                    EncodedWords words = EncodedWords.of(text, sentence.words(), encoder);
                    prompts.forEach(prompt -> queries.addAll(Question.of(prompt, words, encoder).queries()));
                }
            }
        }
        return queries.subList(0, Math.min(count, queries.size()));
    }
}
