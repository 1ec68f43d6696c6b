package io.metaie.adaptation.torch;

import io.metaie.checkpoint.StoredTensor;
import io.metaie.checkpoint.StoredTensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors from and to the memory of Java. What they make belongs to the scope of the caller. */
final class Tensors {

    private Tensors() {}

    /** A copy of whole numbers. */
    static Tensor of(long[] values, long... shape) {
        return torch.from_blob(new LongPointer(values), shape, new TensorOptions(ScalarType.Long)).clone();
    }

    /** A copy of floats. */
    static Tensor of(float[] values, long... shape) {
        return torch.from_blob(new FloatPointer(values), shape, new TensorOptions(ScalarType.Float)).clone();
    }

    /** A copy of a stored tensor, in another type where one is wanted. */
    static Tensor of(StoredTensor stored, ScalarType type) {
        ByteBuffer data = stored.data();
        BytePointer memory = new BytePointer(data.isDirect() ? data.duplicate() : direct(data));
        Tensor view = torch.from_blob(memory, stored.shape(), new TensorOptions(type(stored.type())));
        return view.to(type, false, true, new MemoryFormatOptional());
    }

    /** A copy of a tensor's elements in a stored type, little-endian, row by row. */
    static ByteBuffer bytes(Tensor tensor, ElementType type) {
        try (PointerScope scope = new PointerScope()) {
            Tensor converted = tensor.detach().to(type(type)).contiguous();
            long bytes = converted.numel() * type.bytes();
            ByteBuffer copy = ByteBuffer.allocateDirect(Math.toIntExact(bytes));
            copy.put(new BytePointer(converted.data_ptr()).capacity(bytes).asByteBuffer()).flip();
            return copy.order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** A copy of a tensor's elements as floats. */
    static float[] floats(Tensor tensor) {
        ByteBuffer bytes = bytes(tensor, ElementType.F32);
        float[] floats = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }

    /** A tensor's dimensions. */
    static long[] shape(Tensor tensor) {
        long[] shape = new long[Math.toIntExact(tensor.dim())];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    private static ScalarType type(ElementType type) {
        return switch (type) {
            case F32 -> ScalarType.Float;
            case F16 -> ScalarType.Half;
            case BF16 -> ScalarType.BFloat16;
        };
    }

    private static ByteBuffer direct(ByteBuffer data) {
        return ByteBuffer.allocateDirect(data.remaining()).put(data.duplicate()).flip();
    }
}
