package io.metaie.tagging;

import java.util.ArrayList;
import java.util.List;

/**
 * A run of words that a label names.
 *
 * @param from index of the first word
 * @param to index behind the last word
 * @param score the mean over the words of the probability of the tag chosen, 0 to 1
 */
public record Span(int from, int to, float score) {

    /** Scores are told to others with six decimals: what a float holds. */
    private static final double DECIMALS = 1e6;

    /** A score as others are told it. What is told is also what thresholds are compared with. */
    public static double told(float score) {
        return Math.round(score * DECIMALS) / DECIMALS;
    }

    /**
     * Reads the spans off the tags of a sentence: a span starts at B and runs over I; an I without a B starts nothing.
     *
     * @param threshold spans with a lower score are left out; 0 keeps every one, which is the paper's arg-max
     * @return in order, never overlapping
     */
    public static List<Span> decode(Tags tags, double threshold) {
        List<Span> spans = new ArrayList<>();
        byte[] tag = tags.tags();
        int i = 0;
        while (i < tag.length) {
            if (tag[i] != Tag.B) {
                i++;
                continue;
            }
            int from = i;
            double sum = tags.probabilities()[i++];
            while (i < tag.length && tag[i] == Tag.I) {
                sum += tags.probabilities()[i++];
            }
            float score = (float) (sum / (i - from));
            if (told(score) >= threshold) {
                spans.add(new Span(from, i, score));
            }
        }
        return spans;
    }
}
