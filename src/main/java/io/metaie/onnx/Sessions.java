package io.metaie.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Opens sessions of ONNX Runtime on graphs. */
public final class Sessions {

    /** The processor. */
    static final Provider CPU = options -> {};

    private Sessions() {}

    /** What computes a session's graph. */
    interface Provider {

        /** Puts it into a session's options. */
        void addTo(SessionOptions options) throws OrtException;
    }

    /**
     * A GPU.
     *
     * @param mostBytes how much of its memory each session may take; 0 for all
     */
    static Provider cuda(Device.Cuda device, long mostBytes) {
        return options -> {
            // It takes any key: what it does not know is found out when the session is made.
            try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index())) {
                // Batches differ in size: doubling what is reserved would pass the limit long before it is used.
                cuda.add("arena_extend_strategy", "kSameAsRequested");
                if (mostBytes > 0) {
                    cuda.add("gpu_mem_limit", String.valueOf(mostBytes));
                }
                options.addCUDA(cuda);
            }
        };
    }

    /**
     * Opens a session on the processor that computes on the calling thread alone. It goes on reading the graph's
     * weights, so these must be kept until it is closed.
     */
    public static OrtSession open(OrtEnvironment environment, Graph graph) throws OrtException {
        return open(environment, graph, CPU);
    }

    /** The same on what a provider stands for. */
    static OrtSession open(OrtEnvironment environment, Graph graph, Provider provider) throws OrtException {
        Map<String, OnnxTensorLike> weights = new HashMap<>();
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // Patterns are kept per shape of the inputs, and no two batches have the same.
            options.setMemoryPatternOptimization(false);
            // Failures are thrown; the library's own lines on stderr say nothing more.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            for (Initializer weight : graph.weights().values()) {
                weights.put(weight.name(), tensor(environment, weight));
            }
            options.addExternalInitializers(weights);
            provider.addTo(options);
            return environment.createSession(graph.model().toByteArray(), options);
        } finally {
            weights.values().forEach(OnnxTensorLike::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Initializer weight) throws OrtException {
        OnnxJavaType type = switch (weight.type()) {
            case FLOAT -> OnnxJavaType.FLOAT;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case BFLOAT16 -> OnnxJavaType.BFLOAT16;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            default -> throw new IllegalStateException("No weight is of type " + weight.type());
        };
        return OnnxTensor.createTensor(environment, aligned(weight), weight.shape(), type);
    }

    /** The weight's memory, or a copy of it where the file does not have it on a multiple of its elements' size. */
    private static ByteBuffer aligned(Initializer weight) {
        ByteBuffer data = weight.data();
        if (data.alignmentOffset(0, weight.elementBytes()) != 0) {
            data = ByteBuffer.allocateDirect(data.capacity()).put(data.duplicate()).flip();
        }
        return data.duplicate().order(ByteOrder.nativeOrder());
    }
}
