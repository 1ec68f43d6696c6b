package io.metaie.adaptation;

import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.label.InvalidLabelsException;
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
import java.util.List;
import java.util.Optional;

/**
 * Makes rows of sentences: the very queries the service would ask, with the right answers. Labels without spans are
 * asked too; what is asked about a span is asked about the annotated ones.
 */
public final class TrainingRows {

    private final WordEncoder encoder;

    public TrainingRows(WordEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * The rows of sentences.
     *
     * @throws InvalidLabelsException when a label leaves no room for a sentence
     */
    public List<TrainingRow> of(List<Example> sentences) {
        List<TrainingRow> rows = new ArrayList<>();
        for (Example sentence : sentences) {
            List<Word> words = Words.split(sentence.text());
            if (!words.isEmpty()) {
                new Sentence(sentence, words, EncodedWords.of(sentence.text(), words, encoder)).addTo(rows);
            }
        }
        return rows;
    }

    /** One sentence with its words. */
    private final class Sentence {

        private final Example example;
        private final List<Word> words;
        private final EncodedWords encoded;

        Sentence(Example example, List<Word> words, EncodedWords encoded) {
            this.example = example;
            this.words = words;
            this.encoded = encoded;
        }

        void addTo(List<TrainingRow> rows) {
            for (Label label : example.labels().roots()) {
                EncodedWords prompt = Prompts.encode(label.prompt(), encoder);
                if (!Prompts.leavesRoom(prompt, encoder)) {
                    throw new InvalidLabelsException("label \"" + label + "\" leaves no room for a sentence");
                }
                add(prompt, label, Optional.empty(), rows);
            }
            for (LabelledSpan head : example.spans()) {
                String text = example.text().substring(head.start(), head.end());
                for (Label label : example.labels().dependents(head.label())) {
                    add(Prompts.about(label, text, encoder).prompt(), label, Optional.of(head), rows);
                }
            }
        }

        private void add(EncodedWords prompt, Label label, Optional<LabelledSpan> head, List<TrainingRow> rows) {
            byte[] tags = new byte[words.size()];
            Arrays.fill(tags, Tag.O);
            for (LabelledSpan span : example.spans()) {
                if (span.label().equals(label) && span.head().equals(head)) {
                    WordRange.touching(words, span.start(), span.end()).ifPresent(range -> mark(tags, range));
                }
            }
            Question question = Question.of(prompt, encoded, encoder);
            for (int i = 0; i < question.queries().size(); i++) {
                Query query = question.queries().get(i);
                int from = question.firstWord(i);
                rows.add(new TrainingRow(query, Arrays.copyOfRange(tags, from, from + query.firsts().length)));
            }
        }

        private void mark(byte[] tags, WordRange range) {
            Arrays.fill(tags, range.from(), range.to(), Tag.I);
            tags[range.from()] = Tag.B;
        }
    }
}
