package io.metaie.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.metaie.checkpoint.RobertaConfig;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.Map;

/** A session on a {@linkplain RobertaGraph ragged graph}. Runs of several threads do not disturb each other. */
final class RaggedSession implements AutoCloseable {

    private final OrtEnvironment environment;
    private final int heads;
    /** The weights' memory, which the session goes on reading. */
    private final Graph graph;
    private final OrtSession session;

    RaggedSession(OrtEnvironment environment, RobertaConfig config, Graph graph) throws OrtException {
        this.environment = environment;
        this.heads = config.heads();
        this.graph = graph;
        this.session = Sessions.open(environment, graph);
    }

    /**
     * Runs the graph once; its output is in the inputs' {@link RaggedInputs#logits()} then.
     *
     * @param adapter the inputs of an adaptable graph that every batch of an adapter shares; none for another graph
     */
    void run(RaggedInputs in, Map<String, OnnxTensor> adapter) throws OrtException {
        try (OnnxTensor tokens = tensor(in.tokens(), in.tokenCount());
                OnnxTensor positions = tensor(in.positions(), in.tokenCount());
                OnnxTensor headRows = tensor(in.heads(), in.sequences(), heads, in.longest());
                OnnxTensor mask = tensor(in.mask(), in.sequences(), 1, 1, in.longest());
                OnnxTensor slots = tensor(in.slots(), in.tokenCount(), heads);
                OnnxTensor words = tensor(in.words(), in.wordCount());
                OnnxTensor wordSlots = tensor(in.wordSlots(), in.wordCount(), heads);
                OnnxTensor logits = tensor(in.logits(), in.wordCount(), 3)) {
            Map<String, OnnxTensor> inputs = new HashMap<>(adapter);
            inputs.put("tokens", tokens);
            inputs.put("positions", positions);
            inputs.put("heads", headRows);
            inputs.put("mask", mask);
            inputs.put("slots", slots);
            inputs.put("words", words);
            inputs.put("wordSlots", wordSlots);
            session.run(inputs, Map.of("logits", logits)).close();
        }
    }

    private OnnxTensor tensor(IntBuffer data, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, data, shape);
    }

    private OnnxTensor tensor(FloatBuffer data, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, data, shape);
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
