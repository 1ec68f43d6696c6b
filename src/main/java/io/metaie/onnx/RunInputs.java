package io.metaie.onnx;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** The inputs of one run, in native memory, and room for its output. */
interface RunInputs {

    /** T */
    int tokenCount();

    /** B */
    int sequences();

    /** S */
    int longest();

    /** W */
    int wordCount();

    /** {@code [W, 3]}, in the order B, I, O: what the run gives. */
    FloatBuffer logits();

    /** Hands over each input. */
    void give(Taker taker) throws OrtException;

    /** Who takes inputs: name, content and shape of each. */
    interface Taker {

        void ints(String name, IntBuffer content, long... shape) throws OrtException;

        void floats(String name, FloatBuffer content, long... shape) throws OrtException;
    }
}
