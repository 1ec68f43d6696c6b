package io.metaie.distillation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.dataset.ExampleJson;
import io.metaie.dataset.ExampleWriter;
import io.metaie.distillation.Distilled.Learned;
import io.metaie.distillation.TeacherAnswer.Ending;
import io.metaie.distillation.TeacherAnswer.Usage;
import io.metaie.text.Word;
import io.metaie.text.Words;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a sentence is and whatever the teacher writes about it. */
class AnswerPropertiesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String[] PIECES = {
        "Ada", "ada", "Lovelace", "Rome", "  ", " ", "\n", "\t", ":", "：", "-", "- ", "1. ", "**", "`", "```", "\"", "“", "”",
        "'", "<", ">", "[", "]", "{", "}", "{\"", "\":", ",", "None", "Person", "label", "span", "İ", "ß", "ẞ", "é", "e\u0301",
        "👩‍🚀", "🇫🇷", "\u200b", "北京", "ไทย", "\ud83d", "\u0000", "\\u00", "I'm sorry", "<think>", "</think>", ".", "\u2028"
    };

    @Property(tries = 3_000)
    void everySpanIsASliceThatBeginsAndEndsWithAWord(
            @ForAll("texts") String sentence, @ForAll("answers") String answer, @ForAll boolean cut) {
        Distilled distilled = AnswerReader.read(sentence,
                new TeacherAnswer(answer, cut ? Ending.CUT : Ending.COMPLETE, Optional.empty(), Usage.UNKNOWN));
        if (distilled instanceof Learned learned) {
            Set<Integer> starts = Words.split(sentence).stream().map(Word::start).collect(Collectors.toSet());
            Set<Integer> ends = Words.split(sentence).stream().map(Word::end).collect(Collectors.toSet());
            Set<String> used = new HashSet<>();
            learned.example().spans().forEach(span -> {
                assertTrue(starts.contains(span.start()) && ends.contains(span.end()) && span.start() < span.end());
                assertTrue(used.add(span.label().name() + span.start() + "-" + span.end()), "twice");
                used.add(span.label().name());
            });
            // Labels are those of the spans, each once.
            learned.example().labels().labels().forEach(label -> assertTrue(used.contains(label.name())));
            learned.dropped().values().forEach(count -> assertTrue(count > 0));
        }
    }

    @Property(tries = 1_000)
    void whatIsPublishedIsReadAgainAsItWas(@ForAll("texts") String sentence, @ForAll("answers") String answer) throws Exception {
        if (AnswerReader.read(sentence, new TeacherAnswer(answer, Ending.COMPLETE, Optional.empty(), Usage.UNKNOWN))
                instanceof Learned learned) {
            String json = ExampleWriter.toJson(learned.example(), Map.of("source", "m"));
            JsonNode node = JSON.readTree(json);
            assertEquals(learned.example().spans(), new ExampleJson(Optional.empty()).read(node).spans());
            int codePoints = sentence.codePointCount(0, sentence.length());
            node.path("spans").forEach(span -> assertTrue(span.path("end").asInt() <= codePoints));
        }
    }

    @Property(tries = 2_000)
    void everyPairIsTakenOrCounted(@ForAll("texts") String sentence, @ForAll("answers") String answer) {
        ParsedAnswer parsed = AnswerParser.parse(answer, false);
        Alignment alignment = Aligner.align(sentence, parsed);
        int dropped = alignment.dropped().values().stream().mapToInt(Integer::intValue).sum();
        int before = parsed.dropped().values().stream().mapToInt(Integer::intValue).sum();
        assertEquals(parsed.pairs().size(), alignment.exact() + alignment.normalised() + dropped - before);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(pieces(), Arbitraries.strings().ofMaxLength(60));
    }

    @Provide
    Arbitrary<String> answers() {
        Arbitrary<String> line = Combinators.combine(pieces(), pieces()).as((label, span) -> "- " + label + ": " + span);
        return Arbitraries.oneOf(line.list().ofMaxSize(6).map(lines -> String.join("\n", lines)), pieces(),
                Arbitraries.strings().ofMaxLength(60));
    }

    private static Arbitrary<String> pieces() {
        return Arbitraries.of(PIECES).list().ofMaxSize(12).map(all -> String.join("", all));
    }
}
