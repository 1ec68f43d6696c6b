package io.metaie.adaptation;

import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.extraction.Warnings;
import io.metaie.label.Label;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an adaptation learns from: examples cut into sentences as the service cuts documents, their spans on words.
 *
 * @param sentences each an example of one sentence
 * @param spans how many spans they have
 * @param warnings what whoever annotated them should know, with the examples' numbers
 */
public record LearningSet(List<Example> sentences, int spans, List<String> warnings) {

    private static final int MOST_WARNINGS = 20;

    public LearningSet {
        sentences = List.copyOf(sentences);
        warnings = List.copyOf(warnings);
    }

    /** Prepares examples. */
    public static LearningSet of(List<NumberedExample> examples) {
        Warnings warnings = new Warnings(MOST_WARNINGS);
        List<Example> sentences = new ArrayList<>();
        Map<Claim, Said> said = new HashMap<>();
        for (NumberedExample given : examples) {
            for (Example sentence : new SentenceCutter(given, warnings).cut()) {
                sentences.add(sentence);
                warnOfContradictions(given.number(), sentence, said, warnings);
            }
        }
        int spans = sentences.stream().mapToInt(sentence -> sentence.spans().size()).sum();
        return new LearningSet(sentences, spans, warnings.toList());
    }

    /** Whether there is something to learn: a span. Without any, all a model could learn is to find nothing. */
    public boolean hasSpans() {
        return spans > 0;
    }

    /** One label in one sentence. */
    private record Claim(String text, Label label) {}

    /** Which spans an example gives it. */
    private record Said(int number, Set<LabelledSpan> spans) {}

    private static void warnOfContradictions(int number, Example sentence, Map<Claim, Said> said, Warnings warnings) {
        for (Label label : sentence.labels().labels()) {
            Set<LabelledSpan> spans = sentence.spans().stream()
                    .filter(span -> span.label().equals(label))
                    .collect(Collectors.toSet());
            Said before = said.putIfAbsent(new Claim(sentence.text(), label), new Said(number, spans));
            if (before != null && !before.spans().equals(spans)) {
                warnings.add("examples[" + number + "]: label \"" + label + "\" has other spans in the same sentence than in"
                        + " examples[" + before.number() + "]");
            }
        }
    }
}
