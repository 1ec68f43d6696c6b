package io.metaie.onnx;

import io.metaie.checkpoint.ActivationRanges;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What {@code metaie.precision=auto} means on the processor.
 *
 * @param precision {@link Precision#INT8} or {@link Precision#FP32}
 * @param reason why, for a line in the log
 */
record CpuPrecision(Precision precision, String reason) {

    /**
     * Chooses, by what the processor can do and not by how fast it is at the moment: a document is to have the same
     * answer after a restart.
     *
     * @param ranges the checkpoint's calibration, if it has one
     * @param dotProducts whether this processor has instructions for dot products of bytes; asked only if it matters
     */
    static CpuPrecision choose(Optional<ActivationRanges> ranges, BooleanSupplier dotProducts) {
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
        return dotProducts.getAsBoolean()
                ? new CpuPrecision(Precision.INT8, loss)
                : floats("this processor has no dot products of bytes");
    }

    private static CpuPrecision floats(String reason) {
        return new CpuPrecision(Precision.FP32, reason);
    }
}
