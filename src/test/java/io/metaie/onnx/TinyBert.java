package io.metaie.onnx;

import com.google.protobuf.ByteString;
import io.metaie.onnx.proto.AttributeProto;
import io.metaie.onnx.proto.AttributeProto.AttributeType;
import io.metaie.onnx.proto.GraphProto;
import io.metaie.onnx.proto.ModelProto;
import io.metaie.onnx.proto.NodeProto;
import io.metaie.onnx.proto.OperatorSetIdProto;
import io.metaie.onnx.proto.TensorProto;
import io.metaie.onnx.proto.TensorProto.DataType;
import io.metaie.onnx.proto.TensorShapeProto;
import io.metaie.onnx.proto.TensorShapeProto.Dimension;
import io.metaie.onnx.proto.TypeProto;
import io.metaie.onnx.proto.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** A small BERT encoder with random weights, in ONNX as PyTorch exports it: matrices without names, constants as nodes. */
final class TinyBert {

    static final int HIDDEN = 8;
    static final int HEADS = 2;
    static final int VOCABULARY = 20;
    private static final int WIDE = 16;
    private static final int POSITIONS = 12;
    private static final int LAYERS = 2;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("bert");
    private final Random random = new Random(4);
    private int values;

    private TinyBert() {}

    /** Input {@code input_ids [tokens]}, output {@code hidden [tokens, H]}: one sentence. */
    static ModelProto model() {
        TinyBert bert = new TinyBert();
        bert.build();
        return ModelProto.newBuilder()
                .setIrVersion(9)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(14))
                .setGraph(bert.graph)
                .build();
    }

    private void build() {
        graph.addInput(info("input_ids", DataType.INT64, "tokens"));
        graph.addOutput(info("hidden", DataType.FLOAT, "tokens", HIDDEN));
        String words = node("Gather", weights("embeddings.word_embeddings.weight", VOCABULARY, HIDDEN), "input_ids");
        String table = weights("embeddings.position_embeddings.weight", POSITIONS, HIDDEN);
        String length = node("Shape", "input_ids");
        String positions = node("Slice", table, longs(0), length);
        String types = node("Gather", weights("embeddings.token_type_embeddings.weight", 2, HIDDEN), constant(0));
        String states = norm("embeddings.LayerNorm", node("Add", node("Add", words, types), positions));
        for (int layer = 0; layer < LAYERS; layer++) {
            states = layer("encoder.layer." + layer + ".", states);
        }
        graph.addNode(NodeProto.newBuilder().setOpType("Identity").addInput(states).addOutput("hidden"));
    }

    private String layer(String name, String states) {
        String query = heads(linear(name + "attention.self.query", states, HIDDEN, HIDDEN), 1, 0, 2);
        String key = heads(linear(name + "attention.self.key", states, HIDDEN, HIDDEN), 1, 2, 0);
        String value = heads(linear(name + "attention.self.value", states, HIDDEN, HIDDEN), 1, 0, 2);
        String scores = node("Div", node("MatMul", query, key), real(Math.sqrt((double) HIDDEN / HEADS)));
        String context = node("MatMul", node("Softmax", scores), value);
        String joined = node("Reshape", transposed(context, 1, 0, 2), longs(-1, HIDDEN));
        String attended = norm(name + "attention.output.LayerNorm",
                node("Add", linear(name + "attention.output.dense", joined, HIDDEN, HIDDEN), states));
        String up = linear(name + "intermediate.dense", attended, HIDDEN, WIDE);
        String erf = node("Add", node("Erf", node("Div", up, real(Math.sqrt(2)))), real(1));
        String gelu = node("Mul", node("Mul", up, erf), real(0.5));
        return norm(name + "output.LayerNorm",
                node("Add", linear(name + "output.dense", gelu, WIDE, HIDDEN), attended));
    }

    private String heads(String states, long... order) {
        return transposed(node("Reshape", states, longs(-1, HEADS, HIDDEN / HEADS)), order);
    }

    private String transposed(String value, long... order) {
        AttributeProto.Builder permutation = AttributeProto.newBuilder().setName("perm").setType(AttributeType.INTS);
        LongStream.of(order).forEach(permutation::addInts);
        return add(NodeProto.newBuilder().setOpType("Transpose").addInput(value).addAttribute(permutation));
    }

    private String linear(String name, String x, int in, int out) {
        String product = node("MatMul", x, weights("onnx::MatMul_" + values++, in, out));
        return node("Add", weights(name + ".bias", out), product);
    }

    /** As exporters write it out that have no operator for it. */
    private String norm(String name, String x) {
        String centred = node("Sub", x, mean(x));
        String variance = mean(node("Pow", centred, real(2)));
        String deviation = node("Sqrt", node("Add", variance, real(1e-12)));
        String scaled = node("Mul", node("Div", centred, deviation), weights(name + ".weight", HIDDEN));
        return node("Add", scaled, weights(name + ".bias", HIDDEN));
    }

    private String mean(String x) {
        return add(NodeProto.newBuilder().setOpType("ReduceMean").addInput(x)
                .addAttribute(AttributeProto.newBuilder().setName("axes").setType(AttributeType.INTS).addInts(-1)));
    }

    private String node(String operator, String... inputs) {
        return add(NodeProto.newBuilder().setOpType(operator).addAllInput(List.of(inputs)));
    }

    private String add(NodeProto.Builder node) {
        String output = "value" + values++;
        graph.addNode(node.addOutput(output));
        return output;
    }

    private String weights(String name, long... shape) {
        long count = LongStream.of(shape).reduce(1, (a, b) -> a * b);
        ByteBuffer data = ByteBuffer.allocate((int) count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            data.putFloat((float) random.nextGaussian());
        }
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT.getNumber())
                .setRawData(ByteString.copyFrom(data.flip()));
        LongStream.of(shape).forEach(tensor::addDims);
        graph.addInitializer(tensor);
        return name;
    }

    private String real(double number) {
        return constant(TensorProto.newBuilder().setDataType(DataType.FLOAT.getNumber()).addFloatData((float) number));
    }

    private String longs(long... numbers) {
        ByteBuffer data = ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        LongStream.of(numbers).forEach(data::putLong);
        return constant(TensorProto.newBuilder().setDataType(DataType.INT64.getNumber()).addDims(numbers.length)
                .setRawData(ByteString.copyFrom(data.flip())));
    }

    private String constant(long number) {
        ByteBuffer data = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).flip();
        return constant(TensorProto.newBuilder().setDataType(DataType.INT64.getNumber())
                .setRawData(ByteString.copyFrom(data)));
    }

    private String constant(TensorProto.Builder tensor) {
        return add(NodeProto.newBuilder().setOpType("Constant").addAttribute(
                AttributeProto.newBuilder().setName("value").setType(AttributeType.TENSOR).setT(tensor)));
    }

    private static ValueInfoProto info(String name, DataType type, Object... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dimension : dimensions) {
            shape.addDim(dimension instanceof Integer number
                    ? Dimension.newBuilder().setDimValue(number)
                    : Dimension.newBuilder().setDimParam(dimension.toString()));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape))).build();
    }
}
