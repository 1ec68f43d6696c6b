package io.metaie.onnx;

import io.metaie.checkpoint.ActivationRanges.Range;
import java.nio.FloatBuffer;

/**
 * How often numbers occur, in bins of one width around 0; the width doubles whenever a number lies outside. It tells
 * the range that rounds these numbers to 256 steps with the smallest mean squared error: a few far out are better cut
 * off than all others rounded coarsely.
 */
final class Histogram {

    private static final int HALF = 2048;
    private static final double NARROWEST = 1e-6;
    private static final int STEPS = 255;
    /** Up to this share, in hundredths, is cut from either end of the range. */
    private static final int MOST_CUT = 60;
    private static final int CUT_STEP = 2;

    private long[] counts = new long[2 * HALF];
    /** Bin i holds the numbers from (i − HALF) · width on. */
    private double width = NARROWEST;
    private float min;
    private float max;

    /** Adds all remaining numbers of a buffer. */
    void add(FloatBuffer numbers) {
        while (numbers.hasRemaining()) {
            float number = numbers.get();
            if (!Float.isFinite(number)) {
                throw new IllegalArgumentException("the model computes " + number);
            }
            min = Math.min(min, number);
            max = Math.max(max, number);
            while (Math.abs(number) >= HALF * width) {
                widen();
            }
            counts[HALF + (int) Math.floor(number / width)]++;
        }
    }

    private void widen() {
        long[] wider = new long[2 * HALF];
        for (int i = 0; i < counts.length; i++) {
            wider[HALF + Math.floorDiv(i - HALF, 2)] += counts[i];
        }
        counts = wider;
        width *= 2;
    }

    /** The best range, with 0 in it. */
    Range range() {
        if (min == max) {
            return new Range(-1, 1);
        }
        Range best = new Range(min, max);
        double least = error(best);
        for (int low = 0; low <= MOST_CUT; low += CUT_STEP) {
            for (int high = 0; high <= MOST_CUT; high += CUT_STEP) {
                Range range = new Range(min * (100 - low) / 100, max * (100 - high) / 100);
                double error = error(range);
                if (error < least) {
                    least = error;
                    best = range;
                }
            }
        }
        return best;
    }

    /** The sum of the squares of what rounding changes. */
    private double error(Range range) {
        double scale = range.scale();
        int zero = range.zero();
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                double number = (i - HALF + 0.5) * width;
                double q = Math.max(0, Math.min(STEPS, Math.rint(number / scale) + zero));
                double off = (q - zero) * scale - number;
                sum += counts[i] * off * off;
            }
        }
        return sum;
    }
}
