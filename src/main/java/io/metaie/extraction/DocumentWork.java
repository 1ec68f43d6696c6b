package io.metaie.extraction;

import io.metaie.extraction.Extraction.ExtractedSpan;
import io.metaie.label.Label;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.EncodedWords;
import io.metaie.tagging.Prompts;
import io.metaie.tagging.Question;
import io.metaie.tagging.Span;
import io.metaie.tagging.Tags;
import io.metaie.tagging.WordEncoder;
import io.metaie.text.CodePoints;
import io.metaie.text.Sentence;
import io.metaie.text.Sentences;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The questions one document needs, stage by stage, and the spans found so far. Not thread-safe: its owner takes one
 * step after the other.
 */
final class DocumentWork {

    private static final int MAX_WARNINGS = 20;

    private final ExtractionRequest request;
    private final String text;
    private final WordEncoder encoder;
    private final int maxQueries;
    private final List<Sentence> sentences;
    /** The sentences' words, from the first stage on. */
    private List<EncodedWords> encoded = List.of();
    private final Map<Label, EncodedWords> prompts = new HashMap<>();
    private final Map<Label, Integer> order = new HashMap<>();
    private final List<Found> spans = new ArrayList<>();
    private final Warnings warnings = new Warnings(MAX_WARNINGS);
    private boolean truncated;
    private int queries;

    /** Splits the document's text, which is enough to know how many queries the first stage has. */
    DocumentWork(ExtractionRequest request, WordEncoder encoder, int maxQueries) {
        this.request = request;
        this.text = request.document().text();
        this.encoder = encoder;
        this.maxQueries = maxQueries;
        this.sentences = Sentences.split(text);
        request.warnings().forEach(warnings::add);
        request.labels().warnings().forEach(warnings::add);
        for (Label label : request.labels().labels()) {
            order.put(label, order.size());
        }
        count((long) sentences.size() * request.labels().roots().size());
    }

    /** A label asked of a sentence, about a head span or about the sentence itself. */
    record Asked(Label label, int sentence, Optional<Found> head, Question question) {}

    /** A span with its place. */
    record Found(Label label, int sentence, Span span, int start, int end, Optional<Found> head) {}

    /** How many queries were asked so far. */
    int queries() {
        return queries;
    }

    /** Encodes the text, and asks the labels without a head of every sentence. */
    List<Asked> firstStage() {
        encoded = sentences.stream().map(s -> EncodedWords.of(text, s.words(), encoder)).toList();
        warnOfCutWords();
        for (Label label : request.labels().labels()) {
            // Labels with a head too: a prompt that leaves no room is a fault of the label, found or not.
            prompts.put(label, prompt(label.of().isPresent() ? label.promptFor("") : label.prompt(), label));
        }
        List<Asked> asked = new ArrayList<>();
        for (int s = 0; s < sentences.size(); s++) {
            for (Label label : request.labels().roots()) {
                asked.add(ask(label, s, Optional.empty(), prompts.get(label)));
            }
        }
        return asked;
    }

    /** Reads an answer; what is found is part of the extraction. */
    List<Found> answer(Asked asked, Tags tags) {
        Sentence sentence = sentences.get(asked.sentence());
        List<Found> found = new ArrayList<>();
        for (Span span : Span.decode(tags, request.threshold())) {
            found.add(new Found(
                    asked.label(),
                    asked.sentence(),
                    span,
                    sentence.words().get(span.from()).start(),
                    sentence.words().get(span.to() - 1).end(),
                    asked.head()));
        }
        spans.addAll(found);
        return found;
    }

    /** The questions about what was found: each label asked once for every span of its head. */
    List<Asked> nextStage(List<Found> heads) {
        long more = 0;
        for (Found head : heads) {
            more += request.labels().dependents(head.label()).size();
        }
        count(more);
        List<Asked> asked = new ArrayList<>();
        for (Found head : heads) {
            for (Label label : request.labels().dependents(head.label())) {
                EncodedWords prompt = promptAbout(label, head);
                asked.add(ask(label, head.sentence(), Optional.of(head), prompt));
            }
        }
        return asked;
    }

    /** The extraction, when no question is left. */
    Extraction finish(String model) {
        List<Found> kept = request.exclusive() ? Exclusive.resolve(spans) : new ArrayList<>(spans);
        kept.sort(Comparator.comparingInt(Found::start)
                .thenComparingInt(Found::end)
                .thenComparingInt(found -> order.get(found.label()))
                .thenComparingInt(found -> found.head().map(Found::start).orElse(-1)));
        Map<Found, String> ids = new IdentityHashMap<>();
        kept.forEach(found -> ids.put(found, "s" + (ids.size() + 1)));
        CodePoints codePoints = CodePoints.of(text);
        List<ExtractedSpan> answer = kept.stream()
                .map(found -> new ExtractedSpan(
                        ids.get(found),
                        found.label().name(),
                        text.substring(found.start(), found.end()),
                        codePoints.at(found.start()),
                        codePoints.at(found.end()),
                        found.span().score(),
                        found.head().map(ids::get)))
                .toList();
        Adapter adapter = request.adapter();
        return new Extraction(
                request.document().id(),
                request.task(),
                model,
                adapter.version() == 0 ? Optional.empty() : Optional.of(adapter.toString()),
                answer,
                sentences.size(),
                truncated,
                warnings.toList(),
                request.metadata());
    }

    private Asked ask(Label label, int sentence, Optional<Found> head, EncodedWords prompt) {
        return new Asked(label, sentence, head, Question.of(prompt, encoded.get(sentence), encoder));
    }

    private EncodedWords prompt(String prompt, Label label) {
        EncodedWords words = Prompts.encode(prompt, encoder);
        if (!Prompts.leavesRoom(words, encoder)) {
            throw new RejectedDocumentException(Reason.INVALID_LABELS, "label \"" + shortened(label.toString())
                    + "\" takes " + words.tokens() + " of the model's " + encoder.maxTokens()
                    + " tokens and leaves too few for a sentence");
        }
        return words;
    }

    private EncodedWords promptAbout(Label label, Found head) {
        Prompts.About about = Prompts.about(label, text.substring(head.start(), head.end()), encoder);
        if (about.kept() < about.headWords()) {
            warnings.add("label \"" + label.name() + "\" was asked about a shortened head: only " + about.kept() + " of "
                    + about.headWords() + " words of the span at " + CodePoints.of(text).at(head.start()) + " fit");
        }
        return about.prompt();
    }

    private void count(long more) {
        if (queries + more > maxQueries) {
            throw new RejectedDocumentException(Reason.TOO_LARGE, "the document needs at least " + (queries + more)
                    + " queries (sentences by labels), at most " + maxQueries + " are allowed");
        }
        queries += (int) more;
    }

    private void warnOfCutWords() {
        CodePoints codePoints = null;
        for (int s = 0; s < encoded.size(); s++) {
            for (int word : encoded.get(s).cut()) {
                codePoints = codePoints == null ? CodePoints.of(text) : codePoints;
                truncated = true;
                warnings.add("only the first " + EncodedWords.MAX_WORD_TOKENS + " sub-tokens of the word at "
                        + codePoints.at(sentences.get(s).words().get(word).start()) + " were read");
            }
        }
    }

    private static String shortened(String name) {
        return name.length() <= 60 ? name : name.substring(0, name.offsetByCodePoints(0, 40)) + "…";
    }
}
