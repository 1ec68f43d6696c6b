package io.metaie.evaluation;

/**
 * How well spans were found, as fractions from 0 to 1; 0 where there is nothing to divide by.
 *
 * @param precision the share of the spans found that are right
 * @param recall the share of the annotated spans that were found
 * @param f1 the harmonic mean of both
 * @param support how many spans are annotated
 */
public record Score(double precision, double recall, double f1, long support) {

    /** The score of counts. */
    static Score of(long right, long found, long support) {
        double precision = found == 0 ? 0 : (double) right / found;
        double recall = support == 0 ? 0 : (double) right / support;
        double f1 = right == 0 ? 0 : 2 * precision * recall / (precision + recall);
        return new Score(precision, recall, f1, support);
    }
}
