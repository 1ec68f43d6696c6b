package io.metaie.distillation;

import java.util.List;
import java.util.Map;

/**
 * What an answer says, before it is held against the sentence.
 *
 * @param pairs in the order written
 * @param none whether it says that there is nothing
 * @param refusal whether it begins as a refusal does
 * @param dropped what was not taken, by cause
 */
public record ParsedAnswer(List<Pair> pairs, boolean none, boolean refusal, Map<Drop, Integer> dropped) {

    public ParsedAnswer {
        pairs = List.copyOf(pairs);
        dropped = Map.copyOf(dropped);
    }
}
