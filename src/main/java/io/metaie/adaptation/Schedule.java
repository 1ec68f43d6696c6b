package io.metaie.adaptation;

/** Learning rates over a run. */
public final class Schedule {

    private static final double FEW_SHOT_WARM_UP = 0.1;
    private static final double META_WARM_UP = 0.04;
    private static final double META_FLOOR = 0.02;

    private Schedule() {}

    /**
     * For fine-tuning: a linear rise over the first tenth, under a linear fall to zero.
     *
     * @param step from 1
     */
    public static double fewShot(double peak, int step, int steps) {
        return peak * Math.min(1, step / (FEW_SHOT_WARM_UP * steps)) * (1 - (step - 1.0) / steps);
    }

    /**
     * For meta-learning: a short linear rise, under a half cosine down to a fiftieth.
     *
     * @param done the share of the run that is over, 0 to 1
     */
    public static double meta(double peak, double done) {
        double cosine = 0.5 * (1 + Math.cos(Math.PI * done));
        return peak * Math.min(1, done / META_WARM_UP) * (META_FLOOR + (1 - META_FLOOR) * cosine);
    }
}
