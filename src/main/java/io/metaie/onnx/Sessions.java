package io.metaie.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Opens sessions of ONNX Runtime on graphs. */
public final class Sessions {

    private Sessions() {}

    /**
     * Opens a session on the processor that computes on the calling thread alone. It goes on reading the graph's
     * weights, so these must be kept until it is closed.
     */
    public static OrtSession open(OrtEnvironment environment, Graph graph) throws OrtException {
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
