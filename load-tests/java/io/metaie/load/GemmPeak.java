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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How fast ONNX Runtime multiplies square matrices of floats here, at the size it is fastest at: the most a tagger could reach.
 * One size is not enough: the largest of these alone was seen a fifth slower than the best of them.
 */
final class GemmPeak implements AutoCloseable {

    private static final int[] SIZES = {384, 512, 768, 1024};
    /** Operations of a thread at each size: a tenth of a second and more. */
    private static final double OPERATIONS = 25e9;
    private static final int TRIES = 10;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final List<Product> products = new ArrayList<>();

    GemmPeak() throws OrtException {
        for (int size : SIZES) {
            products.add(new Product(size));
        }
    }

    /** Operations a second of one thread's computing time, while so many threads multiply, each for itself. */
    double flops(int threads) throws Exception {
        double most = 0;
        for (Product product : products) {
            most = Math.max(most, product.operations() * threads / TimedRun.of(threads, product::multiply).computed());
        }
        return most;
    }

    /** Operations a second by the clock of so many threads together, each for itself: the best of some tries. */
    double wall(int threads) throws Exception {
        double most = 0;
        for (int i = 0; i < TRIES; i++) {
            for (Product product : products) {
                most = Math.max(most, product.operations() * threads / TimedRun.of(threads, product::multiply).seconds());
            }
        }
        return most;
    }

    /** One size of matrices. */
    private final class Product implements AutoCloseable {

        private final int size;
        private final int runs;
        private final Graph graph;
        private final OrtSession session;

        Product(int size) throws OrtException {
            this.size = size;
            this.runs = (int) Math.ceil(OPERATIONS / (2.0 * size * size * size));
            ByteBuffer data = ByteBuffer.allocateDirect(size * size * Float.BYTES).order(ByteOrder.nativeOrder());
            Random random = new Random(1);
            while (data.hasRemaining()) {
                data.putFloat(random.nextFloat() - 0.5f);
            }
            StoredTensor weight =
                    new StoredTensor("weight", StoredTensor.ElementType.F32, new long[] {size, size}, data.flip());
            GraphBuilder builder = new GraphBuilder("gemm");
            String x = builder.floats("x", size, size);
            builder.output("y", builder.node("Gemm", List.of(x, builder.weight(weight))), size, size);
            graph = builder.build();
            session = Sessions.open(environment, graph);
        }

        /** Of one thread. */
        double operations() {
            return 2.0 * size * size * size * runs;
        }

        void multiply() throws OrtException {
            FloatBuffer in = memory();
            FloatBuffer out = memory();
            long[] shape = {size, size};
            try (OnnxTensor x = OnnxTensor.createTensor(environment, in, shape);
                    OnnxTensor y = OnnxTensor.createTensor(environment, out, shape)) {
                for (int i = 0; i < runs; i++) {
                    session.run(Map.of("x", x), Map.of("y", y)).close();
                }
            }
        }

        private FloatBuffer memory() {
            return ByteBuffer.allocateDirect(size * size * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        }

        @Override
        public void close() throws OrtException {
            session.close();
        }
    }

    @Override
    public void close() throws OrtException {
        for (Product product : products) {
            product.close();
        }
    }
}
