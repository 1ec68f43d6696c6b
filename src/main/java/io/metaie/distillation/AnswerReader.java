package io.metaie.distillation;

import io.metaie.distillation.Alignment.AlignedSpan;
import io.metaie.distillation.Distilled.Learned;
import io.metaie.distillation.Distilled.Refused;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.text.Excerpt;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes an example of a sentence and the teacher's answer about it: parses, aligns, decides whether it is one. */
public final class AnswerReader {

    private static final int QUOTED = 120;

    private AnswerReader() {}

    /** Reads an answer. Never throws, whatever it says. */
    public static Distilled read(String sentence, TeacherAnswer answer) {
        if (answer.refusal().isPresent()) {
            return new Refused("the teacher refused: " + quoted(answer.refusal().get()), true, Map.of());
        }
        boolean cut = answer.ending() == TeacherAnswer.Ending.CUT;
        ParsedAnswer parsed = AnswerParser.parse(answer.text(), cut);
        Alignment alignment = Aligner.align(sentence, parsed);
        if (!alignment.spans().isEmpty()) {
            return learned(sentence, parsed, alignment);
        }
        if (parsed.refusal()) {
            return new Refused("the teacher refused: " + quoted(answer.text()), true, alignment.dropped());
        }
        if (parsed.none() || !parsed.pairs().isEmpty()) {
            return learned(sentence, parsed, alignment);
        }
        return new Refused(cut
                ? "the answer was cut before it said anything; metaie.llm.max-tokens may be too low"
                : "the answer holds no \"<label>: <span>\": " + quoted(answer.text()), false, alignment.dropped());
    }

    /** Whether the teacher refused, in a field of its own or in words. */
    static boolean isRefusal(String sentence, TeacherAnswer answer) {
        return read(sentence, answer) instanceof Refused refused && refused.byTheTeacher();
    }

    /**
     * Whether a kept answer is worth another call: it was cut before it said anything, and may be longer today.
     *
     * @param maxTokens how long an answer may be now
     */
    static boolean saidTooLittle(String sentence, TeacherAnswer answer, int maxTokens) {
        return answer.ending() == TeacherAnswer.Ending.CUT
                && answer.allowed().orElse(maxTokens) < maxTokens
                && read(sentence, answer) instanceof Refused refused && !refused.byTheTeacher();
    }

    private static Learned learned(String sentence, ParsedAnswer parsed, Alignment alignment) {
        Set<String> found = new LinkedHashSet<>();
        alignment.spans().forEach(span -> found.add(span.label().name()));
        List<Label> labels = parsed.pairs().stream()
                .map(Pair::label).distinct().filter(found::contains).map(Label::named).toList();
        List<LabelledSpan> spans = alignment.spans().stream().map(AnswerReader::span).toList();
        return new Learned(new Example(sentence, LabelSet.of(labels), spans),
                alignment.exact(), alignment.normalised(), alignment.dropped());
    }

    private static LabelledSpan span(AlignedSpan span) {
        return new LabelledSpan(span.label(), span.start(), span.end(), Optional.empty());
    }

    private static String quoted(String text) {
        return Excerpt.of(text.strip().replaceAll("\\s+", " "), QUOTED, QUOTED - 20);
    }
}
