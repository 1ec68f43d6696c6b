package io.metaie.onnx;

import io.metaie.checkpoint.CheckpointException;
import io.metaie.onnx.proto.AttributeProto;
import io.metaie.onnx.proto.GraphProto;
import io.metaie.onnx.proto.ModelProto;
import io.metaie.onnx.proto.NodeProto;
import io.metaie.onnx.proto.TensorProto;
import io.metaie.onnx.proto.TensorProto.DataType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A BERT encoder as PyTorch exports it to ONNX. Embeddings, biases and normalisations keep their names there; the
 * matrices of linear layers lose theirs and are found through the {@code Add} of the bias that follows them; the width
 * of a head and the epsilon of normalisation are constants of the graph.
 */
final class BertOnnx {

    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final List<NodeProto> nodes;
    private final String prefix;

    private BertOnnx(GraphProto graph) throws CheckpointException {
        nodes = graph.getNodeList();
        graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
        for (NodeProto node : nodes) {
            node.getOutputList().forEach(output -> producers.put(output, node));
            if (node.getOpType().equals("Constant")) {
                for (AttributeProto attribute : node.getAttributeList()) {
                    constants.put(node.getOutput(0), attribute.getT());
                }
            }
        }
        String words = "embeddings.word_embeddings.weight";
        prefix = constants.keySet().stream()
                .filter(name -> name.endsWith(words))
                .map(name -> name.substring(0, name.length() - words.length()))
                .findFirst()
                .orElseThrow(() -> new CheckpointException("the ONNX graph has no weights named " + words
                        + ": it is no BERT encoder as PyTorch exports it"));
    }

    /**
     * Reads a file.
     *
     * @throws CheckpointException when it is no BERT encoder
     */
    static BertOnnx read(InputStream file) throws IOException, CheckpointException {
        return new BertOnnx(ModelProto.parseFrom(file).getGraph());
    }

    /**
     * A table of floats.
     *
     * @param shape one or two dimensions
     */
    record Table(long[] shape, float[] values) {

        Table transposed() {
            int rows = (int) shape[0];
            int columns = (int) shape[1];
            float[] transposed = new float[values.length];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    transposed[column * rows + row] = values[row * columns + column];
                }
            }
            return new Table(new long[] {columns, rows}, transposed);
        }
    }

    /** A tensor that kept its name, such as {@code encoder.layer.0.output.dense.bias}. */
    Table named(String name) throws CheckpointException {
        TensorProto tensor = constants.get(prefix + name);
        if (tensor == null) {
            throw new CheckpointException("the ONNX graph has no weights named " + prefix + name);
        }
        return table(tensor);
    }

    boolean has(String name) {
        return constants.containsKey(prefix + name);
    }

    /** The matrix of a linear layer, {@code [out, in]}, by the layer's name. */
    Table matrix(String layer) throws CheckpointException {
        if (has(layer + ".weight")) {
            return named(layer + ".weight");
        }
        String bias = prefix + layer + ".bias";
        for (NodeProto node : nodes) {
            if (node.getOpType().equals("Add") && node.getInputList().contains(bias)) {
                String product = node.getInput(node.getInput(0).equals(bias) ? 1 : 0);
                NodeProto multiplication = producers.get(product);
                if (multiplication != null && multiplication.getOpType().equals("MatMul")
                        && constants.containsKey(multiplication.getInput(1))) {
                    return table(constants.get(multiplication.getInput(1))).transposed();
                }
            }
        }
        throw new CheckpointException("the ONNX graph has no linear layer with the bias " + bias);
    }

    /** The width of an attention head: scores are divided by its square root. */
    int headWidth() throws CheckpointException {
        for (NodeProto node : nodes) {
            boolean division = node.getOpType().equals("Div");
            if ((division || node.getOpType().equals("Mul")) && isProductOfTwo(node.getInput(0))) {
                Optional<Double> scale = scalar(node.getInput(1));
                if (scale.isPresent()) {
                    double root = division ? scale.get() : 1 / scale.get();
                    return (int) Math.round(root * root);
                }
            }
        }
        throw new CheckpointException("the ONNX graph does not scale attention as BERT does");
    }

    /** Whether a value is the product of two computed ones, as attention's scores are. */
    private boolean isProductOfTwo(String value) {
        NodeProto node = producers.get(value);
        return node != null && node.getOpType().equals("MatMul")
                && node.getInputList().stream().noneMatch(constants::containsKey);
    }

    /** What normalisation adds to the variance. */
    double epsilon() throws CheckpointException {
        for (NodeProto node : nodes) {
            if (node.getOpType().equals("LayerNormalization")) {
                return node.getAttributeList().stream()
                        .filter(attribute -> attribute.getName().equals("epsilon"))
                        .mapToDouble(AttributeProto::getF)
                        .findFirst()
                        .orElse(1e-5);
            }
            if (node.getOpType().equals("Sqrt")) {
                NodeProto sum = producers.get(node.getInput(0));
                Optional<Double> added = sum == null || !sum.getOpType().equals("Add") ? Optional.empty() : scalar(sum.getInput(1));
                if (added.isPresent()) {
                    return added.get();
                }
            }
        }
        throw new CheckpointException("the ONNX graph does not normalise as BERT does");
    }

    /** @throws CheckpointException when it has another activation than GELU by erf */
    void checkActivation() throws CheckpointException {
        if (nodes.stream().noneMatch(node -> node.getOpType().equals("Erf") || node.getOpType().equals("Gelu"))) {
            throw new CheckpointException("the ONNX graph has another activation than GELU with erf");
        }
    }

    private Optional<Double> scalar(String value) throws CheckpointException {
        TensorProto tensor = constants.get(value);
        if (tensor == null || tensor.getDataType() != DataType.FLOAT.getNumber()) {
            return Optional.empty();
        }
        float[] values = table(tensor).values();
        return values.length == 1 ? Optional.of((double) values[0]) : Optional.empty();
    }

    private static Table table(TensorProto tensor) throws CheckpointException {
        if (tensor.getDataType() != DataType.FLOAT.getNumber() || !tensor.getExternalDataList().isEmpty()) {
            throw new CheckpointException("the ONNX graph's weights " + tensor.getName()
                    + " are not 32-bit floats in the file itself");
        }
        long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
        FloatBuffer data = tensor.getRawData().isEmpty()
                ? floats(tensor)
                : ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] values = new float[data.remaining()];
        data.get(values);
        return new Table(shape, values);
    }

    private static FloatBuffer floats(TensorProto tensor) {
        FloatBuffer buffer = FloatBuffer.allocate(tensor.getFloatDataCount());
        tensor.getFloatDataList().forEach(buffer::put);
        return buffer.flip();
    }
}
