package io.metaie.onnx;

import io.metaie.checkpoint.StoredTensor;
import io.metaie.onnx.proto.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A weight of a graph.
 *
 * @param name what nodes call it
 * @param type the type of its elements
 * @param shape its dimensions, outermost first
 * @param data its elements, little-endian, row by row, in native memory or in a mapped file
 */
public record Initializer(String name, DataType type, long[] shape, ByteBuffer data) {

    /** A checkpoint's tensor in the type it is stored in. */
    static Initializer of(StoredTensor tensor) {
        return new Initializer(tensor.name(), type(tensor.type()), tensor.shape(), tensor.data());
    }

    /** What ONNX calls a checkpoint's type. */
    static DataType type(StoredTensor.ElementType type) {
        return switch (type) {
            case F32 -> DataType.FLOAT;
            case F16 -> DataType.FLOAT16;
            case BF16 -> DataType.BFLOAT16;
        };
    }

    /** Native memory for so many bytes. */
    static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The size of one element in bytes. */
    int elementBytes() {
        return switch (type) {
            case FLOAT -> Float.BYTES;
            case FLOAT16, BFLOAT16 -> Short.BYTES;
            case INT8, UINT8 -> Byte.BYTES;
            default -> throw new IllegalStateException("No weight is of type " + type);
        };
    }
}
