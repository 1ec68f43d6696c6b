package io.metaie.load.jmh;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.engine.ModelDirectory;
import io.metaie.load.Texts;
import io.metaie.tagging.EncodedWords;
import io.metaie.tagging.WordEncoder;
import io.metaie.text.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the benchmarks work on: sentences of the encyclopaedia slice in order, so that one differs from the next. */
final class Samples {

    private static final int SENTENCES = 1_000;
    private static final int A_PARAGRAPH = 10;

    private Samples() {}

    static List<String> sentences() throws IOException {
        return Texts.sentences(SENTENCES);
    }

    static List<String> paragraphs() throws IOException {
        List<String> sentences = sentences();
        List<String> paragraphs = new ArrayList<>();
        for (int from = 0; from < sentences.size(); from += A_PARAGRAPH) {
            paragraphs.add(String.join(" ", sentences.subList(from, from + A_PARAGRAPH)));
        }
        return paragraphs;
    }

    static Vocabulary vocabulary() throws Exception {
        return Vocabulary.open(Checkpoint.open(ModelDirectory.BUNDLED));
    }

    static List<EncodedWords> encoded(WordEncoder encoder) throws IOException {
        return sentences().stream()
                .map(sentence -> EncodedWords.of(sentence, Words.split(sentence), encoder))
                .filter(words -> words.size() > 0)
                .toList();
    }
}
