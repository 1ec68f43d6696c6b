package io.metaie.record;

import java.util.List;
import java.util.Map;

/** What becomes of a record: one of these, exactly once. */
public sealed interface Outcome {

    /** What becomes of a record as a whole, or of a part of it. */
    sealed interface Single extends Outcome {

        /** What else happened on the way, how often, by name: to be counted when it is committed. */
        Map<String, Integer> tally();
    }

    /**
     * The record was answered.
     *
     * @param key the key of the answer
     * @param json the answer as the contract writes it, UTF-8
     * @param spans how many spans it holds
     * @param tally what else happened on the way
     */
    record Answered(String key, byte[] json, int spans, Map<String, Integer> tally) implements Single {

        public Answered {
            tally = Map.copyOf(tally);
        }

        public Answered(String key, byte[] json, int spans) {
            this(key, json, spans, Map.of());
        }
    }

    /**
     * The record cannot be answered and goes to the dead letters.
     *
     * @param cause what is wrong, in words for the publisher
     * @param tally what happened on the way, as for an answer
     */
    record Rejected(Reason reason, String cause, Map<String, Integer> tally) implements Single {

        public Rejected {
            tally = Map.copyOf(tally);
        }

        public Rejected(Reason reason, String cause) {
            this(reason, cause, Map.of());
        }
    }

    /**
     * The record was taken apart, and each part has an answer or a dead letter of its own: all of them or none are
     * published.
     *
     * @param parts in the record's order; at least one
     */
    record Parted(List<Part> parts) implements Outcome {

        public Parted {
            parts = List.copyOf(parts);
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("a record without parts would have no outcome");
            }
        }
    }

    /**
     * A part of a record and what becomes of it.
     *
     * @param number its place in the record, from 1
     */
    record Part(int number, Single outcome) {}
}
