package io.metaie.onnx;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaTensors;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.onnx.proto.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The weights of the encoder's linear layers in 8-bit integers: {@code W[o, i] = scale[o] · q[i, o]}, q from −127 to
 * 127, with a scale for each output; transposed, as ONNX multiplies.
 *
 * <p>Unsigned ones are the same numbers with {@value #UNSIGNED_ZERO} added, and give the same sums. Processors that
 * multiply unsigned by signed bytes without dot-product instructions (plain AVX2 and AVX-512) add pairs of products in
 * 16 bits, which overflow; of two unsigned ones they do not.
 */
final class Int8Weights {

    /** What stands for 0 among unsigned weights. */
    static final int UNSIGNED_ZERO = 128;

    private static final int MOST = 127;

    private final Checkpoint checkpoint;
    private final boolean signed;
    private final Map<String, Initializer> weights = new HashMap<>();
    private final Map<String, Initializer> scales = new HashMap<>();

    /** Rounds the weights of a checkpoint. */
    Int8Weights(Checkpoint checkpoint, boolean signed) {
        this.checkpoint = checkpoint;
        this.signed = signed;
        RobertaTensors.linearLayers(checkpoint.config()).forEach(this::round);
    }

    private void round(String name) {
        StoredTensor tensor = checkpoint.tensor(name + ".weight");
        int outputs = (int) tensor.shape()[0];
        int inputs = (int) tensor.shape()[1];
        float[] weight = new float[outputs * inputs];
        tensor.putInto(FloatBuffer.wrap(weight), 1);
        ByteBuffer bytes = Initializer.memory(weight.length);
        ByteBuffer factors = Initializer.memory(outputs * Float.BYTES);
        for (int output = 0; output < outputs; output++) {
            float largest = 0;
            for (int input = 0; input < inputs; input++) {
                largest = Math.max(largest, Math.abs(weight[output * inputs + input]));
            }
            float scale = largest == 0 ? 1 : largest / MOST;
            factors.putFloat(scale);
            for (int input = 0; input < inputs; input++) {
                int q = (int) Math.rint(weight[output * inputs + input] / scale);
                bytes.put(input * outputs + output, (byte) (signed ? q : q + UNSIGNED_ZERO));
            }
        }
        DataType type = signed ? DataType.INT8 : DataType.UINT8;
        weights.put(name, new Initializer(name + ".weight.int8", type, new long[] {inputs, outputs}, bytes));
        scales.put(name, new Initializer(name + ".weight.scale", DataType.FLOAT, new long[] {outputs}, factors.flip()));
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    boolean signed() {
        return signed;
    }

    /** A layer's weight, {@code [in, out]}. */
    Initializer weight(String layer) {
        return weights.get(layer);
    }

    /** A layer's scales, {@code [out]}. */
    Initializer scales(String layer) {
        return scales.get(layer);
    }
}
