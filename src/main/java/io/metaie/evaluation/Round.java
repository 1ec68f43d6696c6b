package io.metaie.evaluation;

import io.metaie.label.InvalidLabelsException;
import io.metaie.label.Label;
import io.metaie.tagging.EncodedWords;
import io.metaie.tagging.Exclusive;
import io.metaie.tagging.Prompts;
import io.metaie.tagging.Query;
import io.metaie.tagging.Question;
import io.metaie.tagging.Span;
import io.metaie.tagging.Tags;
import io.metaie.tagging.WordEncoder;
import io.metaie.text.Word;
import io.metaie.text.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A number of examples evaluated together, their questions asked in order of length. */
final class Round {

    private final WordEncoder encoder;
    private final Answers answers;
    private final Selection selection;
    private final List<Sentence> sentences = new ArrayList<>();
    private final Map<String, EncodedWords> prompts = new HashMap<>();
    private final List<Asked> first;
    private final CompletableFuture<List<Tags>> firstAnswers;

    /** An example with its words. */
    private record Sentence(Example example, List<Word> words, EncodedWords encoded, List<Found> found) {}

    private record Found(LabelledSpan span, float score, Optional<Found> head) implements Exclusive.Placed<Found> {

        @Override
        public Label label() {
            return span.label();
        }

        @Override
        public int start() {
            return span.start();
        }

        @Override
        public int end() {
            return span.end();
        }
    }

    /** @param order in which it was asked, and is read; the tagger is given questions in order of length */
    private record Asked(int order, Sentence sentence, Label label, Optional<Found> head, Question question) {

        int length() {
            return question.queries().get(0).length();
        }
    }

    /** Begins a round: asks the labels that are asked of the sentences themselves. */
    Round(WordEncoder encoder, Answers answers, Selection selection, List<Example> examples) {
        this.encoder = encoder;
        this.answers = answers;
        this.selection = selection;
        this.first = new ArrayList<>();
        for (Example example : examples) {
            List<Word> words = Words.split(example.text());
            Sentence sentence = new Sentence(example, words, EncodedWords.of(example.text(), words, encoder), new ArrayList<>());
            sentences.add(sentence);
            for (Label label : example.labels().roots()) {
                ask(first, sentence, label, Optional.empty(), prompts.computeIfAbsent(label.prompt(), this::prompt));
            }
        }
        this.firstAnswers = submit(first);
    }

    /**
     * Awaits the answers, asks what follows from them, and counts.
     *
     * @return how many examples that were
     */
    int finish(Scores.Tally tally) {
        List<Asked> stage = first;
        CompletableFuture<List<Tags>> answer = firstAnswers;
        while (!stage.isEmpty()) {
            List<Asked> following = read(stage, answer.join());
            answer = submit(following);
            stage = following;
        }
        for (Sentence sentence : sentences) {
            Example example = sentence.example();
            example.labels().labels().forEach(label -> tally.asked(label.name()));
            Set<LabelledSpan> annotated = new HashSet<>(example.spans());
            tally.add(annotated, selected(sentence.found()));
            tally.unreachable(unreachable(annotated, sentence.words()));
        }
        return sentences.size();
    }

    private Set<LabelledSpan> selected(List<Found> found) {
        List<Found> kept = selection.exclusive() ? Exclusive.resolve(found) : found;
        return kept.stream().map(Found::span).collect(Collectors.toSet());
    }

    private void ask(List<Asked> stage, Sentence sentence, Label label, Optional<Found> head, EncodedWords prompt) {
        if (!sentence.words().isEmpty()) {
            stage.add(new Asked(stage.size(), sentence, label, head, Question.of(prompt, sentence.encoded(), encoder)));
        }
    }

    private EncodedWords prompt(String prompt) {
        EncodedWords words = Prompts.encode(prompt, encoder);
        if (!Prompts.leavesRoom(words, encoder)) {
            throw new InvalidLabelsException("a label of " + words.tokens() + " tokens leaves no room for a sentence among "
                    + encoder.maxTokens());
        }
        return words;
    }

    private CompletableFuture<List<Tags>> submit(List<Asked> stage) {
        stage.sort(Comparator.comparingInt(Asked::length));
        List<Query> queries = new ArrayList<>(stage.size());
        stage.forEach(asked -> queries.addAll(asked.question().queries()));
        return answers.to(queries);
    }

    /** Reads the answers of a stage; returns the questions about the heads among them. */
    private List<Asked> read(List<Asked> stage, List<Tags> answers) {
        Tags[] tags = new Tags[stage.size()];
        Asked[] inOrder = new Asked[stage.size()];
        int next = 0;
        for (Asked asked : stage) {
            int end = next + asked.question().queries().size();
            tags[asked.order()] = asked.question().join(answers.subList(next, end));
            inOrder[asked.order()] = asked;
            next = end;
        }
        List<Asked> following = new ArrayList<>();
        for (Asked asked : inOrder) {
            for (Span span : Span.decode(tags[asked.order()], selection.threshold())) {
                List<Word> words = asked.sentence().words();
                Found found = new Found(
                        new LabelledSpan(asked.label(), words.get(span.from()).start(), words.get(span.to() - 1).end(),
                                asked.head().map(Found::span)),
                        span.score(), asked.head());
                asked.sentence().found().add(found);
                askAbout(found, asked.sentence(), following);
            }
        }
        return following;
    }

    private void askAbout(Found head, Sentence sentence, List<Asked> following) {
        String text = sentence.example().text().substring(head.start(), head.end());
        for (Label label : sentence.example().labels().dependents(head.label())) {
            ask(following, sentence, label, Optional.of(head), Prompts.about(label, text, encoder).prompt());
        }
    }

    private static long unreachable(Set<LabelledSpan> annotated, List<Word> words) {
        Set<Integer> starts = new HashSet<>();
        Set<Integer> ends = new HashSet<>();
        for (Word word : words) {
            starts.add(word.start());
            ends.add(word.end());
        }
        return annotated.stream().filter(span -> !starts.contains(span.start()) || !ends.contains(span.end())).count();
    }
}
