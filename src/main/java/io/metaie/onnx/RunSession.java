package io.metaie.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.Map;
import java.util.Optional;

/** Runs a graph. Runs of several threads do not disturb each other. */
interface RunSession extends AutoCloseable {

    /**
     * Runs the graph once; its output is in the inputs' {@link RunInputs#logits()} then.
     *
     * @param adapter the inputs of an adaptable graph that every batch of an adapter shares; none for another graph
     */
    void run(RunInputs in, Map<String, OnnxTensor> adapter) throws OrtException;

    /** Why no run can succeed at present, if that is known. */
    default Optional<String> lost() {
        return Optional.empty();
    }

    @Override
    void close() throws OrtException;
}
