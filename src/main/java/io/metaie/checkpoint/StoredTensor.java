package io.metaie.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A tensor as it lies in a checkpoint's file.
 *
 * @param name its name there
 * @param type the type of its elements
 * @param shape its dimensions, outermost first
 * @param data its elements, little-endian, row by row: a read-only view of the file, mapped into memory
 */
public record StoredTensor(String name, ElementType type, long[] shape, ByteBuffer data) {

    /** The element types that can be run. */
    public enum ElementType {
        F32(4),
        F16(2),
        BF16(2);

        private final int bytes;

        ElementType(int bytes) {
            this.bytes = bytes;
        }

        /** The size of one element in bytes. */
        public int bytes() {
            return bytes;
        }
    }

    /** How many elements it has. */
    public int count() {
        return data.limit() / type.bytes();
    }

    /**
     * Puts its elements into a buffer, from the buffer's position on, as 32-bit floats.
     *
     * @param factor what each element is multiplied by
     */
    public void putInto(FloatBuffer target, float factor) {
        ByteBuffer stored = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < stored.limit(); at += type.bytes()) {
            target.put(factor * switch (type) {
                case F32 -> stored.getFloat(at);
                case F16 -> half(stored.getShort(at));
                case BF16 -> Float.intBitsToFloat(stored.getShort(at) << 16);
            });
        }
    }

    /** Whether all its elements are numbers, none of them infinite. */
    public boolean isFinite() {
        ByteBuffer stored = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < stored.limit(); at += type.bytes()) {
            boolean finite = switch (type) {
                case F32 -> Float.isFinite(stored.getFloat(at));
                case F16 -> (stored.getShort(at) & 0x7c00) != 0x7c00;
                case BF16 -> (stored.getShort(at) & 0x7f80) != 0x7f80;
            };
            if (!finite) {
                return false;
            }
        }
        return true;
    }

    /** IEEE 754 binary16: a sign, 5 bits of an exponent with the bias 15, 10 bits of a fraction. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        int sign = bits << 16 & 0x80000000;
        if (exponent == 0) {
            return (sign == 0 ? 1 : -1) * Math.scalb((float) fraction, -24);
        }
        int wider = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | wider << 23 | fraction << 13);
    }
}
