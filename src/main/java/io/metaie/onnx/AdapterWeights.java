package io.metaie.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaTensors;
import io.metaie.checkpoint.StoredTensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * An adapter as inputs of the {@linkplain RobertaGraph#adaptable adaptable graph}: its tensors in native memory, in
 * 32-bit floats, with alpha / rank multiplied into B. Never changes; runs on any number of threads may read it until it
 * is closed.
 */
final class AdapterWeights implements AutoCloseable {

    private static final String HEAD_WEIGHT = RobertaTensors.CLASSIFIER + ".weight";

    private final Workspace memory;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();

    private AdapterWeights(Workspace memory) {
        this.memory = memory;
    }

    /** The meta-model itself: rank 0, and the checkpoint's own classifier. */
    static AdapterWeights none(OrtEnvironment environment, Checkpoint checkpoint) throws OrtException {
        AdapterWeights weights = new AdapterWeights(new Workspace());
        weights.fill(environment, checkpoint, 0, 1, checkpoint::tensor);
        return weights;
    }

    /**
     * The tensors of a file that {@linkplain AdapterFile#checkFits fits} the checkpoint.
     *
     * @param memory where they are put; it belongs to them until they are closed
     */
    static AdapterWeights of(OrtEnvironment environment, Checkpoint checkpoint, AdapterFile file, Workspace memory)
            throws OrtException {
        int rank = file.description().rank();
        AdapterWeights weights = new AdapterWeights(memory);
        weights.fill(environment, checkpoint, rank, (float) (file.description().alpha() / rank), file::tensor);
        return weights;
    }

    private void fill(OrtEnvironment environment, Checkpoint checkpoint, int rank, float scale,
            Function<String, StoredTensor> tensors) throws OrtException {
        Map<String, long[]> shapes = AdapterFile.shapes(checkpoint.config(), rank);
        long numbers = shapes.values().stream().mapToLong(AdapterWeights::count).sum();
        memory.reset(numbers * Float.BYTES, shapes.size());
        for (Map.Entry<String, long[]> shape : shapes.entrySet()) {
            String name = shape.getKey();
            if (!name.startsWith(RobertaTensors.CLASSIFIER)) {
                FloatBuffer into = memory.floats(Math.toIntExact(count(shape.getValue())));
                if (rank > 0) {
                    tensors.apply(name).putInto(into, name.endsWith(AdapterFile.B) ? scale : 1);
                }
                put(environment, name, shape.getValue(), into.flip());
            }
        }
        StoredTensor weight = tensors.apply(HEAD_WEIGHT);
        put(environment, RobertaGraph.HEAD_DELTA, weight.shape(), difference(weight, checkpoint.tensor(HEAD_WEIGHT)));
        StoredTensor bias = tensors.apply(RobertaGraph.HEAD_BIAS);
        FloatBuffer into = memory.floats(bias.count());
        bias.putInto(into, 1);
        put(environment, RobertaGraph.HEAD_BIAS, bias.shape(), into.flip());
    }

    private FloatBuffer difference(StoredTensor weight, StoredTensor from) {
        FloatBuffer into = memory.floats(weight.count());
        weight.putInto(into, 1);
        FloatBuffer subtracted = FloatBuffer.allocate(weight.count());
        from.putInto(subtracted, 1);
        for (int i = 0; i < subtracted.limit(); i++) {
            into.put(i, into.get(i) - subtracted.get(i));
        }
        return into.flip();
    }

    private static long count(long[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private void put(OrtEnvironment environment, String name, long[] shape, FloatBuffer numbers) throws OrtException {
        inputs.put(name, OnnxTensor.createTensor(environment, numbers, shape));
    }

    /** The inputs by their names. */
    Map<String, OnnxTensor> inputs() {
        return inputs;
    }

    /** The native memory they take, in bytes. */
    long bytes() {
        return memory.bytes();
    }

    /** The memory the tensors lie in, for others when this is closed. */
    Workspace memory() {
        return memory;
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
    }
}
