package io.metaie.distillation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.distillation.TeacherAnswer.Ending;
import io.metaie.distillation.TeacherAnswer.Usage;
import io.metaie.record.InboundRecord;
import io.metaie.record.Outcome;
import io.metaie.record.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RequestProcessorTest {

    private static final String REQUEST = "Ada left Paris. It is secret. Bob left Rome. That is secret too.";

    private final List<String> asked = new ArrayList<>();
    private final RequestProcessor processor = new RequestProcessor(
            new Distiller(new Template(Optional.empty(), Template.PAPER), "m", this::answer, new NoBooks(), 64, 4, Runnable::run), 1_000, 5);

    private CompletableFuture<TeacherAnswer> answer(Question question) {
        asked.add(question.sentence());
        String text = question.sentence().contains("secret") ? "I'm sorry, but I can't help with that."
                : "- City: Paris\n- City: paris\n- City: Oslo\n- Name: Bob";
        return CompletableFuture.completedFuture(new TeacherAnswer(text, Ending.COMPLETE, Optional.empty(), Usage.UNKNOWN));
    }

    @Test
    void eachSentenceHasItsOutcomeAndItsNumber() {
        List<Outcome.Part> parts = parted(REQUEST, Set.of());
        assertEquals(List.of(1, 2, 3, 4), parts.stream().map(Outcome.Part::number).toList());
        Outcome.Answered first = assertInstanceOf(Outcome.Answered.class, parts.get(0).outcome());
        assertTrue(new String(first.json(), UTF_8).startsWith("{\"text\":\"Ada left Paris.\""), new String(first.json(), UTF_8));
        Outcome.Rejected second = assertInstanceOf(Outcome.Rejected.class, parts.get(1).outcome());
        assertEquals(Reason.TEACHER_REFUSED, second.reason());
        assertTrue(second.cause().startsWith("sentence 2: "), second.cause());
    }

    @Test
    void whatBecameOfThePairsGoesWithTheAnswerToBeCountedOnce() {
        Outcome.Answered first = (Outcome.Answered) parted(REQUEST, Set.of()).get(0).outcome();
        assertEquals(1, first.tally().get("exact"));
        assertEquals(4, first.tally().values().stream().mapToInt(Integer::intValue).sum(), "all four: " + first.tally());
    }

    @Test
    void whatIsSentBackForSomeSentencesAsksAboutNoOther() {
        assertEquals(List.of(2, 4), parted(REQUEST, Set.of(2, 4, 9)).stream().map(Outcome.Part::number).toList());
        assertEquals(List.of("It is secret.", "That is secret too."), asked);
        assertEquals(4, parted(REQUEST, Set.of(9)).size(), "numbers of another text ask for nothing in particular");
    }

    @Test
    void aRequestOfTooManySentencesIsRefusedAndNothingOfItIsAsked() {
        Outcome.Rejected rejected = assertInstanceOf(Outcome.Rejected.class, process("Ada left Paris. ".repeat(6), Set.of()));
        assertEquals(Reason.TOO_LARGE, rejected.reason());
        assertTrue(rejected.cause().contains("6 sentences") && rejected.cause().contains("metaie.distillation.max-sentences"),
                rejected.cause());
        assertEquals(List.of(), asked);
    }

    private List<Outcome.Part> parted(String text, Set<Integer> parts) {
        return assertInstanceOf(Outcome.Parted.class, process(text, parts)).parts();
    }

    private Outcome process(String text, Set<Integer> parts) {
        return processor.process(new InboundRecord("requests", 0, 7, 0, Optional.empty(), Optional.of(text.getBytes(UTF_8)),
                Optional.empty(), parts)).join();
    }

    /** Keeps nothing. */
    private static final class NoBooks implements Books {

        @Override
        public CompletableFuture<Optional<TeacherAnswer>> find(String key) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public CompletableFuture<Hold> hold(double most) {
            throw new UnsupportedOperationException("there is nothing to pay");
        }
    }
}
