package io.metaie.distillation;

import io.metaie.evaluation.Example;
import java.util.Map;

/** What an answer makes of its sentence. */
public sealed interface Distilled {

    /**
     * An example to learn from.
     *
     * @param example its labels are those of its spans, in the order the teacher named them; none if it found nothing
     * @param exact how many pairs the sentence holds as the teacher wrote them
     * @param normalised how many it holds but for case, white space or quotes
     * @param dropped what was not taken, by cause
     */
    record Learned(Example example, int exact, int normalised, Map<Drop, Integer> dropped) implements Distilled {

        /** What the pairs are called, in metrics, that are found as they were written. */
        public static final String EXACT = "exact";
        /** What those are called that are found but for case, white space or quotes. */
        public static final String NORMALISED = "normalised";

        public Learned {
            dropped = Map.copyOf(dropped);
        }
    }

    /**
     * No example: the teacher refused, or said nothing that can be read.
     *
     * @param cause in words for the publisher
     * @param byTheTeacher whether it refused
     * @param dropped what it said all the same, by why it was not taken
     */
    record Refused(String cause, boolean byTheTeacher, Map<Drop, Integer> dropped) implements Distilled {

        public Refused {
            dropped = Map.copyOf(dropped);
        }
    }
}
