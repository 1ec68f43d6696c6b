package io.metaie.extraction;

import io.metaie.extraction.Extraction.ExtractedSpan;
import io.metaie.label.Label;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.EncodedWords;
import io.metaie.tagging.Exclusive;
import io.metaie.tagging.Prompts;
import io.metaie.tagging.Query;
import io.metaie.tagging.Question;
import io.metaie.tagging.Span;
import io.metaie.tagging.Tags;
import io.metaie.tagging.WordEncoder;
import io.metaie.text.CodePoints;
import io.metaie.text.Excerpt;
import io.metaie.text.Sentence;
import io.metaie.text.Sentences;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
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
    /** How many tokens a document has in work at once: seconds of work for a processor, a few megabytes of memory. */
    static final int TOKENS_AT_ONCE = 1 << 18;
    /** No topic takes an answer of more characters; found in time, it costs no memory. */
    private static final long MAX_ANSWER = 1 << 25;
    /** What a span takes in an answer beside its text, at least. */
    private static final int SPAN_CHARS = 60;

    private final ExtractionRequest request;
    private final String text;
    private final WordEncoder encoder;
    private final int maxQueries;
    private final List<Sentence> sentences;
    /** The sentences' words, once the document is begun. */
    private List<EncodedWords> encoded = List.of();
    private final Map<Label, EncodedWords> prompts = new HashMap<>();
    private final Map<Label, Integer> order = new HashMap<>();
    private final Deque<Asked> open = new ArrayDeque<>();
    private final List<Found> spans = new ArrayList<>();
    private final Warnings warnings = new Warnings(MAX_WARNINGS);
    /** The text's, once asked for: to index it takes a look at all of it. */
    private Optional<CodePoints> codePoints = Optional.empty();
    /** Of each sentence, what {@link #sentences()} makes its uncertainty of; empty before the document is begun. */
    private double[] surprise = {};
    private int[] tagged = {};
    private boolean truncated;
    private int queries;
    private long answerChars;

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
    record Asked(Label label, int sentence, Optional<Found> head, EncodedWords prompt) {}

    /** The queries of what is asked. */
    record Posed(Asked asked, Question question) {}

    /** A span with its place. */
    record Found(Label label, int sentence, Span span, int start, int end, Optional<Found> head)
            implements Exclusive.Placed<Found> {

        @Override
        public float score() {
            return span.score();
        }
    }

    /** How many queries were asked so far. */
    int queries() {
        return queries;
    }

    /**
     * Encodes the text, and asks the labels without a head of every sentence.
     *
     * @return the first questions; none when there is nothing to ask
     */
    List<Posed> begin() {
        encoded = sentences.stream().map(s -> EncodedWords.of(text, s.words(), encoder)).toList();
        warnOfCutWords();
        surprise = new double[sentences.size()];
        tagged = new int[sentences.size()];
        for (Label label : request.labels().labels()) {
            // Labels with a head too: a prompt that leaves no room is a fault of the label, found or not.
            prompts.put(label, prompt(label.of().isPresent() ? label.promptFor("") : label.prompt(), label));
        }
        countWindows();
        for (int s = 0; s < sentences.size(); s++) {
            for (Label label : request.labels().roots()) {
                open.add(new Asked(label, s, Optional.empty(), prompts.get(label)));
            }
        }
        return next();
    }

    /** Lays out questions in the order they were asked: not all of them at once, since they take far more memory than text. */
    private List<Posed> next() {
        List<Posed> posed = new ArrayList<>();
        for (int tokens = 0; tokens < TOKENS_AT_ONCE && !open.isEmpty(); ) {
            Asked asked = open.poll();
            Question question = Question.of(asked.prompt(), encoded.get(asked.sentence()), encoder);
            posed.add(new Posed(asked, question));
            for (Query query : question.queries()) {
                tokens += query.length();
            }
        }
        return posed;
    }

    /**
     * Reads the answers, one tag sequence a query; what is found is part of the extraction, and each label with a head
     * is asked once for every span found of it.
     *
     * @return the next questions; none when the document is answered
     */
    List<Posed> answer(List<Posed> posed, List<Tags> answers) {
        int next = 0;
        for (Posed one : posed) {
            int end = next + one.question().queries().size();
            for (Found found : read(one.asked(), one.question().join(answers.subList(next, end)))) {
                askAbout(found);
            }
            next = end;
        }
        return next();
    }

    private List<Found> read(Asked asked, Tags tags) {
        Sentence sentence = sentences.get(asked.sentence());
        if (asked.head().isEmpty()) {
            for (float probability : tags.probabilities()) {
                surprise[asked.sentence()] -= Math.log(Math.max(probability, Float.MIN_NORMAL));
            }
            tagged[asked.sentence()] += tags.probabilities().length;
        }
        List<Found> found = new ArrayList<>();
        for (Span span : Span.decode(tags, request.threshold())) {
            int start = sentence.words().get(span.from()).start();
            int end = sentence.words().get(span.to() - 1).end();
            found.add(new Found(asked.label(), asked.sentence(), span, start, end, asked.head()));
            answerChars += SPAN_CHARS + end - start;
        }
        if (answerChars > MAX_ANSWER) {
            throw new RejectedDocumentException(Reason.TOO_LARGE,
                    "the extraction is of more than " + MAX_ANSWER + " characters");
        }
        spans.addAll(found);
        return found;
    }

    private void askAbout(Found head) {
        for (Label label : request.labels().dependents(head.label())) {
            EncodedWords prompt = promptAbout(label, head);
            count(Question.windows(prompt.tokens(), encoded.get(head.sentence()), encoder));
            open.add(new Asked(label, head.sentence(), Optional.of(head), prompt));
        }
    }

    /** The sentences and how sure their tags are, when no question is left. */
    List<ReadSentence> sentences() {
        List<ReadSentence> read = new ArrayList<>(sentences.size());
        for (int s = 0; s < sentences.size(); s++) {
            Sentence sentence = sentences.get(s);
            read.add(new ReadSentence(sentence.start(), sentence.end(), tagged[s] == 0 ? 0 : surprise[s] / tagged[s]));
        }
        return read;
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
        List<ExtractedSpan> answer = kept.stream()
                .map(found -> new ExtractedSpan(
                        ids.get(found),
                        found.label().name(),
                        text.substring(found.start(), found.end()),
                        codePoint(found.start()),
                        codePoint(found.end()),
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

    private EncodedWords prompt(String prompt, Label label) {
        EncodedWords words = Prompts.encode(prompt, encoder);
        if (!Prompts.leavesRoom(words, encoder)) {
            throw new RejectedDocumentException(Reason.INVALID_LABELS, "label \"" + shortened(label.toString())
                    + "\" takes " + words.tokens() + " of the model's " + encoder.maxTokens()
                    + " tokens and leaves too few for a sentence");
        }
        if (!words.cut().isEmpty()) {
            warnings.add("only the first " + EncodedWords.MAX_WORD_TOKENS + " sub-tokens of a word of label \""
                    + shortened(label.toString()) + "\" were read");
        }
        return words;
    }

    private EncodedWords promptAbout(Label label, Found head) {
        Prompts.About about = Prompts.about(label, text.substring(head.start(), head.end()), encoder);
        if (about.kept() < about.headWords()) {
            warnings.add("label \"" + label.name() + "\" was asked about a shortened head: only " + about.kept() + " of "
                    + about.headWords() + " words of the span at " + codePoint(head.start()) + " fit");
        }
        return about.prompt();
    }

    /** Counts the windows of long sentences beyond the first; they depend on the label's length alone. */
    private void countWindows() {
        Map<Integer, Long> more = new HashMap<>();
        for (Label label : request.labels().roots()) {
            count(more.computeIfAbsent(prompts.get(label).tokens(), tokens -> encoded.stream()
                    .mapToLong(words -> Question.windows(tokens, words, encoder) - 1)
                    .sum()));
        }
    }

    private void count(long more) {
        if (queries + more > maxQueries) {
            throw new RejectedDocumentException(Reason.TOO_LARGE, "the document needs at least " + (queries + more)
                    + " queries (sentences, or windows of long ones, by labels), at most " + maxQueries + " are allowed");
        }
        queries += (int) more;
    }

    private void warnOfCutWords() {
        for (int s = 0; s < encoded.size(); s++) {
            for (int word : encoded.get(s).cut()) {
                truncated = true;
                warnings.add("only the first " + EncodedWords.MAX_WORD_TOKENS + " sub-tokens of the word at "
                        + codePoint(sentences.get(s).words().get(word).start()) + " were read");
            }
        }
    }

    private int codePoint(int utf16) {
        if (codePoints.isEmpty()) {
            codePoints = Optional.of(CodePoints.of(text));
        }
        return codePoints.get().at(utf16);
    }

    private static String shortened(String name) {
        return Excerpt.of(name, 60, 40);
    }
}
