package io.metaie.checkpoint;

import java.nio.ByteBuffer;

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
}
