package io.metaie.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.metaie.onnx.proto.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * What this processor makes of products of bytes, found out by trying.
 *
 * @param signedWeights whether unsigned times signed bytes give exact sums; without dot-product instructions (VNNI, AMX)
 *     x86 processors add pairs of products in 16 bits, where they overflow. Unsigned times unsigned is exact everywhere
 * @param gain how many times as fast they are as products of 32-bit floats, in matrices as exact sums need them
 */
record ByteProducts(boolean signedWeights, double gain) {

    private static final int ROWS = 128;
    private static final int WIDTH = 512;
    private static final int TRIALS = 9;
    private static final int LARGEST = 255;

    /** Tries it, in some hundredths of a second. */
    static ByteProducts of(OrtEnvironment environment) throws OrtException {
        boolean signed = exact(environment);
        Graph bytes = bytes(signed);
        Graph floats = floats();
        try (OrtSession integers = Sessions.open(environment, bytes);
                OrtSession reals = Sessions.open(environment, floats)) {
            long int8 = Long.MAX_VALUE;
            long fp32 = Long.MAX_VALUE;
            // The shortest of several: whatever else runs on the machine only ever makes them longer.
            for (int trial = 0; trial < TRIALS; trial++) {
                int8 = Math.min(int8, nanos(environment, integers, OnnxJavaType.UINT8));
                fp32 = Math.min(fp32, nanos(environment, reals, OnnxJavaType.FLOAT));
            }
            return new ByteProducts(signed, (double) fp32 / int8);
        }
    }

    /** Whether the largest sums there are come out right. */
    private static boolean exact(OrtEnvironment environment) throws OrtException {
        Graph graph = bytes(true);
        try (OrtSession session = Sessions.open(environment, graph);
                OnnxTensor x = input(environment, OnnxJavaType.UINT8);
                OrtSession.Result result = session.run(Map.of("x", x))) {
            var sums = ((OnnxTensor) result.get(0)).getFloatBuffer();
            while (sums.hasRemaining()) {
                float expected = (float) WIDTH * LARGEST * weight(sums.position() % WIDTH);
                if (sums.get() != expected) {
                    return false;
                }
            }
            return true;
        }
    }

    private static int weight(int output) {
        return output % 2 == 0 ? Byte.MAX_VALUE : -Byte.MAX_VALUE;
    }

    private static Graph bytes(boolean signed) {
        ByteBuffer data = Initializer.memory(WIDTH * WIDTH);
        for (int i = 0; i < WIDTH * WIDTH; i++) {
            data.put((byte) (weight(i % WIDTH) + (signed ? 0 : Int8Weights.UNSIGNED_ZERO)));
        }
        Initializer weight = new Initializer(
                "weight", signed ? DataType.INT8 : DataType.UINT8, new long[] {WIDTH, WIDTH}, data.flip());
        GraphBuilder graph = new GraphBuilder("bytes");
        String x = graph.bytes("x", ROWS, WIDTH);
        graph.output("y", graph.microsoft("MatMulIntegerToFloat", List.of(
                x, graph.stored(weight), graph.real(1), graph.real(1), graph.unsignedByte(0),
                signed ? "" : graph.unsignedByte(Int8Weights.UNSIGNED_ZERO))), ROWS, WIDTH);
        return graph.build();
    }

    private static Graph floats() {
        ByteBuffer data = Initializer.memory(WIDTH * WIDTH * Float.BYTES);
        Initializer weight = new Initializer("weight", DataType.FLOAT, new long[] {WIDTH, WIDTH}, data);
        GraphBuilder graph = new GraphBuilder("floats");
        String x = graph.floats("x", ROWS, WIDTH);
        graph.output("y", graph.node("Gemm", List.of(x, graph.stored(weight))), ROWS, WIDTH);
        return graph.build();
    }

    private static long nanos(OrtEnvironment environment, OrtSession session, OnnxJavaType type) throws OrtException {
        try (OnnxTensor x = input(environment, type)) {
            Map<String, OnnxTensorLike> inputs = Map.of("x", x);
            long start = System.nanoTime();
            session.run(inputs).close();
            return System.nanoTime() - start;
        }
    }

    private static OnnxTensor input(OrtEnvironment environment, OnnxJavaType type) throws OrtException {
        ByteBuffer data = ByteBuffer.allocateDirect(ROWS * WIDTH * type.size).order(ByteOrder.nativeOrder());
        while (type == OnnxJavaType.UINT8 && data.hasRemaining()) {
            data.put((byte) LARGEST);
        }
        return OnnxTensor.createTensor(environment, data.rewind(), new long[] {ROWS, WIDTH}, type);
    }
}
