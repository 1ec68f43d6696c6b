package io.metaie.distillation;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the teacher answered, untouched.
 *
 * @param text the answer; empty when it refused without words
 * @param ending how it ended
 * @param refusal what the endpoint itself calls a refusal, if it does
 * @param usage what it took
 * @param allowed the tokens it was allowed, if that is known
 */
public record TeacherAnswer(String text, Ending ending, Optional<String> refusal, Usage usage, OptionalInt allowed) {

    public TeacherAnswer(String text, Ending ending, Optional<String> refusal, Usage usage) {
        this(text, ending, refusal, usage, OptionalInt.empty());
    }

    /** The same, with how long it was allowed to be. */
    public TeacherAnswer allowed(int tokens) {
        return new TeacherAnswer(text, ending, refusal, usage, OptionalInt.of(tokens));
    }

    /** How an answer ended. */
    public enum Ending {
        /** By itself. */
        COMPLETE,
        /** At its greatest length. */
        CUT
    }

    /**
     * What an answer took, as far as the endpoint says.
     *
     * @param promptTokens read
     * @param completionTokens written
     * @param cost USD, where the endpoint names a price of its own
     */
    public record Usage(OptionalLong promptTokens, OptionalLong completionTokens, Optional<Double> cost) {

        /** Nothing is said. */
        public static final Usage UNKNOWN = new Usage(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
    }
}
