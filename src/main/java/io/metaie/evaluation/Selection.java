package io.metaie.evaluation;

/**
 * Which of the spans found are answered, as in service.
 *
 * @param threshold those with a lower score are left out; 0 is the paper's arg-max
 * @param exclusive whether of overlapping ones of different labels the higher score stays
 */
public record Selection(double threshold, boolean exclusive) {

    /** Every one. */
    public static final Selection ALL = new Selection(0, false);
}
