package io.metaie.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A session of ONNX Runtime on a {@linkplain RobertaGraph graph}. */
final class GraphSession implements RunSession {

    private final OrtEnvironment environment;
    /** The weights' memory, which the session goes on reading. */
    private final Graph graph;
    private final OrtSession session;

    /** Opens one on the processor. */
    GraphSession(OrtEnvironment environment, Graph graph) throws OrtException {
        this(environment, graph, Sessions.CPU);
    }

    /** Opens one. */
    GraphSession(OrtEnvironment environment, Graph graph, Sessions.Provider provider) throws OrtException {
        this.environment = environment;
        this.graph = graph;
        this.session = Sessions.open(environment, graph, provider);
    }

    @Override
    public void run(RunInputs in, Map<String, OnnxTensor> adapter) throws OrtException {
        try (Inputs inputs = new Inputs(adapter);
                OnnxTensor logits = OnnxTensor.createTensor(environment, in.logits(), new long[] {in.wordCount(), 3})) {
            in.give(inputs);
            session.run(inputs.tensors, Map.of("logits", logits)).close();
        }
    }

    /** Runs a graph that has more outputs and gives those. */
    OrtSession.Result observe(RunInputs in, Set<String> outputs) throws OrtException {
        try (Inputs inputs = new Inputs(Map.of())) {
            in.give(inputs);
            return session.run(inputs.tensors, outputs);
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }

    /** The inputs of one run as tensors. */
    private final class Inputs implements RunInputs.Taker, AutoCloseable {

        private final Map<String, OnnxTensor> tensors;
        private final List<OnnxTensor> own = new ArrayList<>();

        Inputs(Map<String, OnnxTensor> adapter) {
            tensors = new HashMap<>(adapter);
        }

        @Override
        public void ints(String name, IntBuffer content, long... shape) throws OrtException {
            put(name, OnnxTensor.createTensor(environment, content, shape));
        }

        @Override
        public void floats(String name, FloatBuffer content, long... shape) throws OrtException {
            put(name, OnnxTensor.createTensor(environment, content, shape));
        }

        private void put(String name, OnnxTensor tensor) {
            own.add(tensor);
            tensors.put(name, tensor);
        }

        @Override
        public void close() {
            own.forEach(OnnxTensor::close);
        }
    }
}
