package io.metaie.adaptation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CancellationException;

/** One run of training: steps over shuffled rows, with a warm-up and a linear decay of the learning rate. */
final class Fit {

    /** The loss of a model that gives each of three tags the same probability. */
    private static final double GUESSING = Math.log(3);

    private final List<TrainingRow> rows;
    private final int steps;
    private final double peak;
    private final Random random;

    /** @param seed of the order of rows */
    Fit(List<TrainingRow> rows, int steps, double peak, long seed) {
        this.rows = new ArrayList<>(rows);
        this.steps = steps;
        this.peak = peak;
        this.random = new Random(seed);
    }

    /** Hears of a run. */
    interface Listener {

        /**
         * Called after each epoch, and after the last step.
         *
         * @param loss the mean over its steps
         * @throws CancellationException to end the run
         */
        void epochDone(double loss);

        /**
         * Called before each step.
         *
         * @throws CancellationException to end the run
         */
        void stepBegins();
    }

    /**
     * Trains.
     *
     * @throws TrainingFailedException when the loss becomes no number, or ends higher than it began and than guessing has it
     * @throws CancellationException when the listener says so
     */
    void run(Learner learner, Listener listener) throws TrainingFailedException {
        double first = Double.NaN;
        double last = Double.NaN;
        for (int step = 0; step < steps; ) {
            Collections.shuffle(rows, random);
            double sum = 0;
            int taken = 0;
            for (int i = 0; i < rows.size() && step < steps; i += AdaptationOptions.BATCH) {
                listener.stepBegins();
                List<TrainingRow> batch = rows.subList(i, Math.min(rows.size(), i + AdaptationOptions.BATCH));
                step++;
                taken++;
                double loss = learner.step(batch, Schedule.fewShot(peak, step, steps));
                first = step == 1 ? loss : first;
                sum += loss;
            }
            last = sum / taken;
            listener.epochDone(last);
        }
        if (last > Math.max(first, GUESSING)) {
            throw new TrainingFailedException(String.format(Locale.ROOT,
                    "the loss rose from %.3g to %.3g; a lower learning rate may help", first, last));
        }
    }
}
