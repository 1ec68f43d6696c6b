package io.metaie.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Native memory for the inputs and outputs of one batch, or for one adapter, handed out piece by piece and used again
 * for the next.
 */
final class Workspace {

    /** Pieces begin on a cache line. */
    private static final int ALIGNMENT = 64;
    private static final int LEAST = 1 << 16;

    private ByteBuffer memory = allocate(0);
    private int[] scratch = new int[0];

    /** Takes all pieces back and makes room for so many bytes in so many pieces. */
    void reset(long bytes, int pieces) {
        int needed = Math.toIntExact(bytes + (long) pieces * ALIGNMENT);
        if (memory.capacity() < needed) {
            memory = allocate(Math.max(LEAST, needed + needed / 4));
        }
        memory.clear();
    }

    /** How much memory it has, in bytes. */
    long bytes() {
        return memory.capacity();
    }

    IntBuffer ints(int length) {
        return piece(length * Integer.BYTES).asIntBuffer();
    }

    FloatBuffer floats(int length) {
        return piece(length * Float.BYTES).asFloatBuffer();
    }

    /** So many integers or more to put something together in; the same ones for everybody who asks. */
    int[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new int[length];
        }
        return scratch;
    }

    private ByteBuffer piece(int bytes) {
        ByteBuffer piece = memory.slice(memory.position(), bytes).order(ByteOrder.nativeOrder());
        memory.position((memory.position() + bytes + ALIGNMENT - 1) & -ALIGNMENT);
        return piece;
    }

    private static ByteBuffer allocate(int bytes) {
        int whole = (bytes + ALIGNMENT - 1) & -ALIGNMENT;
        // An aligned slice is as long as its address allows: cut to what was asked for, on which others count.
        return ByteBuffer.allocateDirect(whole + ALIGNMENT).alignedSlice(ALIGNMENT).slice(0, whole);
    }
}
