package io.metaie.distillation;

import io.metaie.label.Label;
import java.util.List;
import java.util.Map;

/**
 * What of an answer stands in the sentence.
 *
 * @param spans in order of start, then end, then the labels' order in the answer; every one is a slice of the sentence
 *     that begins and ends with a word
 * @param exact how many pairs the sentence holds as they were written
 * @param normalised how many it holds but for case, white space or quotes
 * @param dropped what was not taken, by cause
 */
public record Alignment(List<AlignedSpan> spans, int exact, int normalised, Map<Drop, Integer> dropped) {

    public Alignment {
        spans = List.copyOf(spans);
        dropped = Map.copyOf(dropped);
    }

    /**
     * A span at its place.
     *
     * @param start offset of the first UTF-16 unit in the sentence
     * @param end offset behind the last UTF-16 unit
     */
    public record AlignedSpan(Label label, int start, int end) {}
}
