package io.metaie.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.metaie.checkpoint.RobertaConfig;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A session on a {@linkplain RobertaGraph ragged graph}. Runs of several threads do not disturb each other. */
final class RaggedSession implements AutoCloseable {

    /** The inputs that every batch brings. */
    private static final int INPUTS = 7;

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
        try (Tensors tensors = new Tensors(adapter);
                OnnxTensor logits = tensor(in.logits(), in.wordCount(), 3)) {
            tensors.put(in);
            session.run(tensors.inputs, Map.of("logits", logits)).close();
        }
    }

    /** Runs a graph that has more outputs and gives those. */
    OrtSession.Result observe(RaggedInputs in, Set<String> outputs) throws OrtException {
        try (Tensors tensors = new Tensors(Map.of())) {
            tensors.put(in);
            return session.run(tensors.inputs, outputs);
        }
    }

    /** The inputs of one run. */
    private final class Tensors implements AutoCloseable {

        private final Map<String, OnnxTensor> inputs;
        private final List<OnnxTensor> own = new ArrayList<>(INPUTS);

        Tensors(Map<String, OnnxTensor> adapter) {
            inputs = new HashMap<>(adapter);
        }

        void put(RaggedInputs in) throws OrtException {
            put("tokens", tensor(in.tokens(), in.tokenCount()));
            put("positions", tensor(in.positions(), in.tokenCount()));
            put("heads", tensor(in.heads(), in.sequences(), heads, in.longest()));
            put("mask", tensor(in.mask(), in.sequences(), 1, 1, in.longest()));
            put("slots", tensor(in.slots(), in.tokenCount(), heads));
            put("words", tensor(in.words(), in.wordCount()));
            put("wordSlots", tensor(in.wordSlots(), in.wordCount(), heads));
        }

        private void put(String name, OnnxTensor tensor) {
            own.add(tensor);
            inputs.put(name, tensor);
        }

        @Override
        public void close() {
            own.forEach(OnnxTensor::close);
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
