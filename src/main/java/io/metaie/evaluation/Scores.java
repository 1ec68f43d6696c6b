package io.metaie.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The result of an evaluation by exact match of (label, start, end), and of the head for labels that are of another.
 *
 * @param micro over all spans alike
 * @param macro the mean over the labels that have a span, annotated or found
 * @param labels a score for every label asked, in the order first asked, by name
 * @param unreachable annotated spans that begin or end inside a word: no tagging can find them, they count as missed
 */
public record Scores(Score micro, Score macro, Map<String, Score> labels, long unreachable) {

    public Scores {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** Counts what is right, found and annotated. Not thread-safe. */
    public static final class Tally {

        private final Map<String, long[]> counts = new LinkedHashMap<>();
        private long unreachable;

        /** Makes a label appear in the scores. */
        public void asked(String label) {
            count(label);
        }

        /** Counts the spans of one text, the same ones once. */
        public void add(Set<LabelledSpan> annotated, Set<LabelledSpan> found) {
            for (LabelledSpan span : annotated) {
                count(span.label().name())[2]++;
            }
            for (LabelledSpan span : found) {
                long[] count = count(span.label().name());
                count[1]++;
                count[0] += annotated.contains(span) ? 1 : 0;
            }
        }

        /** Counts annotated spans that no tagging can find. */
        public void unreachable(long spans) {
            unreachable += spans;
        }

        private long[] count(String label) {
            return counts.computeIfAbsent(label, name -> new long[3]);
        }

        /** The scores of what was counted so far. */
        public Scores scores() {
            Map<String, Score> labels = new LinkedHashMap<>();
            long[] all = new long[3];
            double[] sums = new double[3];
            int seen = 0;
            for (Map.Entry<String, long[]> entry : counts.entrySet()) {
                long[] count = entry.getValue();
                Score score = Score.of(count[0], count[1], count[2]);
                labels.put(entry.getKey(), score);
                for (int i = 0; i < all.length; i++) {
                    all[i] += count[i];
                }
                if (count[1] + count[2] > 0) {
                    seen++;
                    sums[0] += score.precision();
                    sums[1] += score.recall();
                    sums[2] += score.f1();
                }
            }
            int n = Math.max(1, seen);
            Score macro = new Score(sums[0] / n, sums[1] / n, sums[2] / n, all[2]);
            return new Scores(Score.of(all[0], all[1], all[2]), macro, labels, unreachable);
        }
    }
}
