package io.metaie.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
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
 * @param signedWeights whether unsigned times signed bytes give exact sums, as dot-product instructions do (VNNI, AMX, or
 *     those of ARM); without them x86 processors add pairs of products in 16 bits, where they overflow. Unsigned times
 *     unsigned is exact everywhere, and half as fast
 */
record ByteProducts(boolean signedWeights) {

    private static final int ROWS = 128;
    private static final int WIDTH = 512;
    private static final int LARGEST = 255;

    /** Tries it. */
    static ByteProducts of(OrtEnvironment environment) throws OrtException {
        return new ByteProducts(exact(environment));
    }

    /** Whether the largest sums there are come out right. */
    private static boolean exact(OrtEnvironment environment) throws OrtException {
        Graph graph = bytes(true);
        try (OrtSession session = Sessions.open(environment, graph);
                OnnxTensor x = input(environment);
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

    private static OnnxTensor input(OrtEnvironment environment) throws OrtException {
        ByteBuffer data = ByteBuffer.allocateDirect(ROWS * WIDTH).order(ByteOrder.nativeOrder());
        while (data.hasRemaining()) {
            data.put((byte) LARGEST);
        }
        return OnnxTensor.createTensor(environment, data.rewind(), new long[] {ROWS, WIDTH}, OnnxJavaType.UINT8);
    }
}
