package io.metaie.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.metaie.checkpoint.StoredTensor;
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
            for (StoredTensor tensor : graph.weights().values()) {
                weights.put(tensor.name(), tensor(environment, tensor));
            }
            options.addExternalInitializers(weights);
            return environment.createSession(graph.model().toByteArray(), options);
        } finally {
            weights.values().forEach(OnnxTensorLike::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, StoredTensor tensor) throws OrtException {
        OnnxJavaType type = switch (tensor.type()) {
            case F32 -> OnnxJavaType.FLOAT;
            case F16 -> OnnxJavaType.FLOAT16;
            case BF16 -> OnnxJavaType.BFLOAT16;
        };
        return OnnxTensor.createTensor(environment, aligned(tensor), tensor.shape(), type);
    }

    /** The tensor's memory, or a copy of it where the file does not have it on a multiple of its elements' size. */
    private static ByteBuffer aligned(StoredTensor tensor) {
        ByteBuffer data = tensor.data();
        if (data.alignmentOffset(0, tensor.type().bytes()) != 0) {
            data = ByteBuffer.allocateDirect(data.capacity()).put(data.duplicate()).flip();
        }
        return data.duplicate().order(ByteOrder.nativeOrder());
    }
}
