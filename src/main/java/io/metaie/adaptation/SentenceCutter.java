package io.metaie.adaptation;

import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.extraction.Warnings;
import io.metaie.text.CodePoints;
import io.metaie.text.Sentence;
import io.metaie.text.Sentences;
import io.metaie.text.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts one example into sentences. Spans are widened to whole words; of spans of one label that overlap only the first
 * stays, since tags cannot say both; and sentences that share a span, or a span and its head, are not cut apart.
 */
final class SentenceCutter {

    private final int number;
    private final Example example;
    private final Warnings warnings;
    private final CodePoints codePoints;
    private final List<Sentence> sentences;
    private final List<Word> words;
    /** The span as it is kept, for every span and head of the example; empty for those that are left out. */
    private final Map<LabelledSpan, Optional<LabelledSpan>> kept = new HashMap<>();

    /** @param warnings takes what is changed or left out */
    SentenceCutter(NumberedExample given, Warnings warnings) {
        this.number = given.number();
        this.example = given.example();
        this.warnings = warnings;
        this.codePoints = CodePoints.of(example.text());
        this.sentences = Sentences.split(example.text());
        this.words = sentences.stream().flatMap(sentence -> sentence.words().stream()).toList();
    }

    /** The sentences that have words, in order. */
    List<Example> cut() {
        List<LabelledSpan> spans = spans();
        List<Example> cut = new ArrayList<>();
        for (int first = 0; first < sentences.size(); ) {
            int last = last(first, spans);
            int start = sentences.get(first).start();
            int end = sentences.get(last).end();
            cut.add(new Example(example.text().substring(start, end), example.labels(), spans.stream()
                    .filter(span -> span.start() >= start && span.end() <= end)
                    .map(span -> moved(span, -start))
                    .toList()));
            if (last > first) {
                warn("sentences were not cut apart, since a span, or a span and its head, stands in several; the service"
                        + " will not find it");
            }
            first = last + 1;
        }
        return cut;
    }

    /** The last sentence that must stay together with a first one. */
    private int last(int first, List<LabelledSpan> spans) {
        int last = first;
        for (boolean grown = true; grown; ) {
            grown = false;
            int start = sentences.get(first).start();
            int end = sentences.get(last).end();
            for (LabelledSpan span : spans) {
                int from = Math.min(span.start(), span.head().map(LabelledSpan::start).orElse(span.start()));
                int to = Math.max(span.end(), span.head().map(LabelledSpan::end).orElse(span.end()));
                if (from < end && to > start && to > end) {
                    do {
                        last++;
                    } while (sentences.get(last).end() < to);
                    grown = true;
                    break;
                }
            }
        }
        return last;
    }

    private List<LabelledSpan> spans() {
        Set<LabelledSpan> distinct = new LinkedHashSet<>();
        example.spans().forEach(span -> widened(span).ifPresent(distinct::add));
        List<LabelledSpan> onWords = new ArrayList<>(distinct);
        onWords.sort(Comparator.comparingInt(LabelledSpan::start).thenComparing(Comparator.comparingInt(LabelledSpan::end)
                .reversed()));
        List<LabelledSpan> apart = new ArrayList<>();
        for (LabelledSpan span : onWords) {
            if (apart.stream().anyMatch(other -> overlap(other, span))) {
                warn("the span at " + place(span) + " overlaps another one of label \"" + span.label() + "\" and is left out");
            } else {
                apart.add(span);
            }
        }
        // A span about one that was left out would be asked about by nobody.
        apart.removeIf(span -> span.head().isPresent() && !apart.contains(span.head().get()));
        return apart;
    }

    private static boolean overlap(LabelledSpan one, LabelledSpan other) {
        return one.label().equals(other.label()) && one.head().equals(other.head())
                && one.start() < other.end() && other.start() < one.end();
    }

    private Optional<LabelledSpan> widened(LabelledSpan span) {
        Optional<LabelledSpan> known = kept.get(span);
        if (known != null) {
            return known;
        }
        Optional<LabelledSpan> head = span.head().flatMap(this::widened);
        Optional<LabelledSpan> wide = span.head().isPresent() && head.isEmpty()
                ? Optional.empty()
                : WordRange.touching(words, span.start(), span.end()).map(range -> new LabelledSpan(span.label(),
                        words.get(range.from()).start(), words.get(range.to() - 1).end(), head));
        if (wide.isEmpty()) {
            warn("the span at " + place(span) + " covers no word, or its head does not, and is left out");
        } else if (wide.get().start() < span.start() || wide.get().end() > span.end()) {
            warn("the span at " + place(span) + " begins or ends inside a word and is widened to " + place(wide.get()));
        }
        kept.put(span, wide);
        return wide;
    }

    private static LabelledSpan moved(LabelledSpan span, int by) {
        return new LabelledSpan(span.label(), span.start() + by, span.end() + by, span.head().map(head -> moved(head, by)));
    }

    private String place(LabelledSpan span) {
        return "[" + codePoints.at(span.start()) + "," + codePoints.at(span.end()) + "]";
    }

    private void warn(String what) {
        warnings.add("examples[" + number + "]: " + what);
    }
}
