package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.ActivationRanges.Accuracy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What {@code metaie.precision=auto} takes on the processor. */
class CpuPrecisionTest {

    /** A calibration after which F1 falls by so many points on each set. */
    private static Optional<ActivationRanges> losing(double... points) {
        List<Accuracy> accuracy =
                DoubleStream.of(points).mapToObj(loss -> new Accuracy("set", 50, 50 - loss)).toList();
        return Optional.of(new ActivationRanges("0123456789ab", Map.of(), accuracy));
    }

    private static void takes(Precision precision, String reason, Optional<ActivationRanges> ranges, boolean dotProducts) {
        CpuPrecision choice = CpuPrecision.choose(ranges, () -> dotProducts);
        assertEquals(precision, choice.precision(), choice::reason);
        assertTrue(choice.reason().contains(reason), choice::reason);
    }

    @Test
    void integersWhereTheyCostLittleAndAreFaster() {
        takes(Precision.INT8, "points on the mean", losing(0.5, 0.5), true);
        takes(Precision.INT8, "points on the mean of 2 sets and by -1.50 at worst", losing(1.5, -1.5), true);
        takes(Precision.INT8, "", losing(-1), true);
    }

    @Test
    void floatsWhereF1FallsTooFar() {
        takes(Precision.FP32, "too much", losing(0.5, 0.6), true);
        takes(Precision.FP32, "too much", losing(1.6, -1, -1), true);
        takes(Precision.FP32, "too much", losing(Double.NaN), true);
    }

    @Test
    void floatsWhereIntegersAreNotFaster() {
        takes(Precision.FP32, "no dot products", losing(0), false);
    }

    @Test
    void floatsWhereNothingIsKnown() {
        takes(Precision.FP32, "--calibrate", Optional.empty(), true);
        takes(Precision.FP32, "--verify", losing(), true);
    }
}
