package io.metaie.adaptation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CancellationException;

/**
 * One run of training: steps over shuffled rows, with a warm-up and a linear decay of the learning rate. It can be
 * interrupted after any step, and goes on as if it had not been.
 */
final class Fit {

    /** The loss of a model that gives each of three tags the same probability. */
    private static final double GUESSING = Math.log(3);

    private final List<TrainingRow> rows;
    private final int steps;
    private final double peak;
    private final Random random;

    private int step;
    /** The first row of the next batch. */
    private int next;
    private double first = Double.NaN;
    private double last = Double.NaN;
    private double sum;
    private int taken;

    /**
     * Prepares a run.
     *
     * @param steps when the learning rate has fallen to zero
     * @param peak the highest learning rate
     * @param seed of the order of rows
     */
    Fit(List<TrainingRow> rows, int steps, double peak, long seed) {
        this.rows = new ArrayList<>(rows);
        this.steps = steps;
        this.peak = peak;
        this.random = new Random(seed);
        this.next = rows.size();
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

    /** How many steps have been taken. */
    int taken() {
        return step;
    }

    /**
     * Trains to the end.
     *
     * @throws TrainingFailedException when the loss becomes no number, or ends higher than it began and than guessing has it
     * @throws CancellationException when the listener says so
     */
    void run(Learner learner, Listener listener) throws TrainingFailedException {
        advance(learner, steps, listener);
    }

    /**
     * Trains on until so many steps have been taken.
     *
     * @throws TrainingFailedException when the loss becomes no number, or ends higher than it began and than guessing has it
     * @throws CancellationException when the listener says so
     */
    void advance(Learner learner, int until, Listener listener) throws TrainingFailedException {
        while (step < until) {
            if (next >= rows.size()) {
                Collections.shuffle(rows, random);
                next = 0;
            }
            listener.stepBegins();
            List<TrainingRow> batch = rows.subList(next, Math.min(rows.size(), next + AdaptationOptions.BATCH));
            next += batch.size();
            step++;
            double loss = learner.step(batch, Schedule.fewShot(peak, step, steps));
            first = step == 1 ? loss : first;
            sum += loss;
            taken++;
            if (next >= rows.size() || step == steps) {
                last = sum / taken;
                sum = 0;
                taken = 0;
                listener.epochDone(last);
            }
        }
        if (step == steps && last > Math.max(first, GUESSING)) {
            throw new TrainingFailedException(String.format(Locale.ROOT,
                    "the loss rose from %.3g to %.3g; a lower learning rate may help", first, last));
        }
    }
}
