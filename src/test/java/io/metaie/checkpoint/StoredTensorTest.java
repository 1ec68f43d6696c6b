package io.metaie.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.checkpoint.StoredTensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class StoredTensorTest {

    private static float[] numbers(ElementType type, ByteBuffer data, float factor) {
        StoredTensor tensor = new StoredTensor("t", type, new long[] {data.limit() / type.bytes()}, data);
        FloatBuffer numbers = FloatBuffer.allocate(tensor.count());
        tensor.putInto(numbers, factor);
        return numbers.array();
    }

    @Test
    void everyHalfIsReadAsTheNumberItIs() {
        ByteBuffer data = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < 1 << 16; bits++) {
            data.putShort((short) bits);
        }
        float[] numbers = numbers(ElementType.F16, data.flip(), 1);
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 31;
            double fraction = (bits & 1023) / 1024.0;
            double size = exponent == 31 ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                    : exponent == 0 ? Math.pow(2, -14) * fraction : Math.pow(2, exponent - 15) * (1 + fraction);
            assertEquals((float) (bits < 1 << 15 ? size : -size), numbers[bits], "bits " + bits);
        }
    }

    @Test
    void otherTypesAreReadToo() {
        ByteBuffer floats = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f).putFloat(-3e-20f).flip();
        assertEquals(-6e-20f, numbers(ElementType.F32, floats, 2)[1]);
        ByteBuffer shorts = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 0xc040)
                .putShort((short) 0x3f80).flip();
        assertEquals(-3f, numbers(ElementType.BF16, shorts, 1)[0]);
        assertEquals(0.5f, numbers(ElementType.BF16, shorts, .5f)[1]);
    }
}
