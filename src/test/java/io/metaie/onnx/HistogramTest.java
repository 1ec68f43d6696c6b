package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.checkpoint.ActivationRanges.Range;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {

    private static Range range(float... numbers) {
        Histogram histogram = new Histogram();
        for (float number : numbers) {
            histogram.add(FloatBuffer.wrap(new float[] {number}));
        }
        return histogram.range();
    }

    @Test
    void evenlySpreadNumbersAreNotCut() {
        float[] numbers = new float[4001];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (i - 1000) / 500f;
        }
        Range range = range(numbers);
        assertEquals(-2, range.min(), 0.1);
        assertEquals(6, range.max(), 0.3);
    }

    @Test
    void aSingleNumberFarOutIsCutOff() {
        float[] numbers = new Random(1).doubles(200_000, -1, 1).collect(
                () -> FloatBuffer.allocate(200_001), (buffer, number) -> buffer.put((float) number), FloatBuffer::put).array();
        numbers[200_000] = 4;
        Range range = range(numbers);
        assertTrue(range.max() < 3 && range.max() >= 1, () -> "max " + range.max());
        assertEquals(-1, range.min(), 0.1);
    }

    @Test
    void nothingButZerosHasARange() {
        assertTrue(range(0, 0).scale() > 0);
        assertTrue(new Histogram().range().scale() > 0);
    }

    @Test
    void numbersOfOneSignHaveARangeWithZero() {
        assertEquals(0, range(1, 2, 3).min());
        assertEquals(0, range(1, 2, 3).zero());
        assertEquals(255, range(-1, -2, -3).zero());
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> range(1, Float.NaN));
        assertThrows(IllegalArgumentException.class, () -> range(Float.POSITIVE_INFINITY));
    }
}
