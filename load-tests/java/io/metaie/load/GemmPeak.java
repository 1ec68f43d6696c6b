package io.metaie.load;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.onnx.Graph;
import io.metaie.onnx.GraphBuilder;
import io.metaie.onnx.Sessions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** How fast ONNX Runtime multiplies large square matrices of floats here: the most a tagger could reach. */
final class GemmPeak implements AutoCloseable {

    private static final int SIZE = 1024;
    private static final int RUNS = 12;
    private static final int TRIES = 10;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final Graph graph;
    private final OrtSession session;

    GemmPeak() throws OrtException {
        ByteBuffer data = ByteBuffer.allocateDirect(SIZE * SIZE * Float.BYTES).order(ByteOrder.nativeOrder());
        Random random = new Random(1);
        while (data.hasRemaining()) {
            data.putFloat(random.nextFloat() - 0.5f);
        }
        StoredTensor weight =
                new StoredTensor("weight", StoredTensor.ElementType.F32, new long[] {SIZE, SIZE}, data.flip());
        GraphBuilder builder = new GraphBuilder("gemm");
        String x = builder.floats("x", SIZE, SIZE);
        builder.output("y", builder.node("Gemm", List.of(x, builder.weight(weight))), SIZE, SIZE);
        graph = builder.build();
        session = Sessions.open(environment, graph);
    }

    /** Operations a second of one thread's computing time, while so many threads multiply, each for itself. */
    double flops(int threads) throws Exception {
        return operations(threads) / TimedRun.of(threads, this::multiply).computed();
    }

    /** Operations a second by the clock of so many threads together, each for itself: the best of some tries. */
    double wall(int threads) throws Exception {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < TRIES; i++) {
            least = Math.min(least, TimedRun.of(threads, this::multiply).seconds());
        }
        return operations(threads) / least;
    }

    private static double operations(int threads) {
        return 2.0 * SIZE * SIZE * SIZE * RUNS * threads;
    }

    private void multiply() throws OrtException {
        FloatBuffer in = memory();
        FloatBuffer out = memory();
        long[] shape = {SIZE, SIZE};
        try (OnnxTensor x = OnnxTensor.createTensor(environment, in, shape);
                OnnxTensor y = OnnxTensor.createTensor(environment, out, shape)) {
            for (int i = 0; i < RUNS; i++) {
                session.run(Map.of("x", x), Map.of("y", y)).close();
            }
        }
    }

    private static FloatBuffer memory() {
        return ByteBuffer.allocateDirect(SIZE * SIZE * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
