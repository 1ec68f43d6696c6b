package io.metaie.onnx;

import io.metaie.checkpoint.ActivationRanges;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * What {@code metaie.precision=auto} means on the processor.
 *
 * @param precision {@link Precision#INT8} or {@link Precision#FP32}
 * @param reason why, for a line in the log
 */
record CpuPrecision(Precision precision, String reason) {

    /** How much faster products of bytes must be: all else in the model does not become faster. */
    static final double LEAST_GAIN = 1.3;

    /**
     * Chooses.
     *
     * @param ranges the checkpoint's calibration, if it has one
     * @param gain how many times as fast products of bytes are here; asked only if it matters
     */
    static CpuPrecision choose(Optional<ActivationRanges> ranges, DoubleSupplier gain) {
        if (ranges.isEmpty()) {
            return floats("it has not been calibrated for int8 ('metaie convert --checkpoint DIR --calibrate FILE' does)");
        }
        ActivationRanges known = ranges.get();
        if (known.accuracy().isEmpty()) {
            return floats("what int8 costs it was not measured ('metaie convert --checkpoint DIR --calibrate FILE --verify"
                    + " FILE' does)");
        }
        String loss = String.format(Locale.ROOT, "F1 changes by %+.2f points on the mean of %d sets and by %+.2f at worst",
                -known.meanLoss(), known.accuracy().size(), -known.largestLoss());
        if (!known.accepted()) {
            return floats("int8 costs it too much: " + loss);
        }
        double times = gain.getAsDouble();
        String speed = String.format(Locale.ROOT, "products of bytes are %.1f times as fast here", times);
        return times < LEAST_GAIN
                ? floats("int8 gains too little: " + speed)
                : new CpuPrecision(Precision.INT8, loss + "; " + speed);
    }

    private static CpuPrecision floats(String reason) {
        return new CpuPrecision(Precision.FP32, reason);
    }
}
