package io.metaie.onnx;

import com.google.protobuf.ByteString;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.onnx.proto.AttributeProto;
import io.metaie.onnx.proto.AttributeProto.AttributeType;
import io.metaie.onnx.proto.GraphProto;
import io.metaie.onnx.proto.ModelProto;
import io.metaie.onnx.proto.NodeProto;
import io.metaie.onnx.proto.OperatorSetIdProto;
import io.metaie.onnx.proto.StringStringEntryProto;
import io.metaie.onnx.proto.TensorProto;
import io.metaie.onnx.proto.TensorProto.DataLocation;
import io.metaie.onnx.proto.TensorProto.DataType;
import io.metaie.onnx.proto.TensorShapeProto;
import io.metaie.onnx.proto.TensorShapeProto.Dimension;
import io.metaie.onnx.proto.TypeProto;
import io.metaie.onnx.proto.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes an ONNX graph node by node. Every method that adds something gives the name of the value it makes, which is
 * what the next node takes as input; an empty name stands for an input left out.
 */
public final class GraphBuilder {

    /** The operators of ORT that ONNX does not have. */
    private static final String MICROSOFT = "com.microsoft";

    private static final long IR_VERSION = 9;
    private static final long OPSET = 20;

    /** In a shape: as many rows as there are. */
    static final long ROWS = -1;

    private final GraphProto.Builder graph;
    /** In which floats it computes. */
    private final DataType arithmetic;
    private final Map<String, Initializer> weights = new LinkedHashMap<>();
    private final Map<String, String> floats = new LinkedHashMap<>();
    private int values;

    /** A graph that computes in 32-bit floats. */
    public GraphBuilder(String name) {
        this(name, DataType.FLOAT);
    }

    /** @param arithmetic in which floats it computes; inputs and outputs are 32-bit floats in any case */
    GraphBuilder(String name, DataType arithmetic) {
        this.graph = GraphProto.newBuilder().setName(name);
        this.arithmetic = arithmetic;
    }

    /** An input of 32-bit integers; dimensions are numbers or names of dynamic ones. */
    public String ints(String name, Object... dimensions) {
        graph.addInput(value(name, DataType.INT32, dimensions));
        return name;
    }

    /** An input of 32-bit floats; dimensions are numbers or names of dynamic ones. */
    public String floats(String name, Object... dimensions) {
        graph.addInput(value(name, DataType.FLOAT, dimensions));
        return cast(name, DataType.FLOAT, arithmetic);
    }

    /** An input of unsigned bytes; dimensions are numbers or names of dynamic ones. */
    String bytes(String name, Object... dimensions) {
        graph.addInput(value(name, DataType.UINT8, dimensions));
        return name;
    }

    /** Names a value of 32-bit floats as an output of the graph. */
    public void output(String name, String value, Object... dimensions) {
        NodeProto.Builder node = NodeProto.newBuilder().setName(name).addInput(value).addOutput(name);
        graph.addNode(arithmetic == DataType.FLOAT
                ? node.setOpType("Identity")
                : node.setOpType("Cast").addAttribute(integer("to", DataType.FLOAT.getNumber())));
        graph.addOutput(value(name, DataType.FLOAT, dimensions));
    }

    /** A weight in the type it is stored in. */
    public String stored(StoredTensor tensor) {
        return stored(Initializer.of(tensor));
    }

    /** A weight in its own type. */
    String stored(Initializer weight) {
        if (weights.put(weight.name(), weight) == null) {
            TensorProto.Builder initializer = TensorProto.newBuilder()
                    .setName(weight.name())
                    .setDataType(weight.type().getNumber())
                    .setDataLocation(DataLocation.EXTERNAL)
                    .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue("weights"));
            for (long dimension : weight.shape()) {
                initializer.addDims(dimension);
            }
            graph.addInitializer(initializer);
        }
        return weight.name();
    }

    /** A weight in the floats of the graph's arithmetic. The session converts it once, when it is made. */
    public String weight(StoredTensor tensor) {
        String name = stored(tensor);
        String known = floats.get(name);
        if (known == null) {
            known = toFloats(name, tensor.type());
            floats.put(name, known);
        }
        return known;
    }

    /** A value of some type in the floats of the graph's arithmetic. */
    public String toFloats(String value, ElementType type) {
        return cast(value, Initializer.type(type), arithmetic);
    }

    private String cast(String value, DataType from, DataType to) {
        return from == to ? value : node("Cast", List.of(value), integer("to", to.getNumber()));
    }

    /** A value in another shape. */
    String reshape(String value, long... shape) {
        return node("Reshape", List.of(value, constant(shape)));
    }

    /** A constant list of 64-bit integers, {@code [numbers]}: a shape, or indices. */
    public String constant(long... numbers) {
        return constant(List.of((long) numbers.length), numbers);
    }

    /** A constant 64-bit integer without dimensions. */
    public String scalar(long number) {
        return constant(List.of(), number);
    }

    /** A constant 32-bit float without dimensions. */
    public String real(float number) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return constant(DataType.FLOAT, List.of(), bytes.putFloat(number));
    }

    /** A constant unsigned 8-bit integer without dimensions. */
    String unsignedByte(int number) {
        return constant(DataType.UINT8, List.of(), ByteBuffer.allocate(1).put((byte) number));
    }

    private String constant(List<Long> shape, long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long number : numbers) {
            bytes.putLong(number);
        }
        return constant(DataType.INT64, shape, bytes);
    }

    private String constant(DataType type, List<Long> shape, ByteBuffer bytes) {
        String name = fresh("constant");
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .addAllDims(shape)
                .setRawData(ByteString.copyFrom(bytes.flip())));
        return name;
    }

    /** A node of an ONNX operator. */
    public String node(String operator, List<String> inputs, AttributeProto... attributes) {
        return add("", operator, inputs, attributes);
    }

    /** A node of one of ORT's own operators. */
    public String microsoft(String operator, List<String> inputs, AttributeProto... attributes) {
        return add(MICROSOFT, operator, inputs, attributes);
    }

    /** An attribute with a whole number. */
    public static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
    }

    /** An attribute with a real number. */
    public static AttributeProto real(String name, float value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOAT).setF(value).build();
    }

    /** An attribute with whole numbers. */
    public static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    /** The graph as it stands. */
    public Graph build() {
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("metaie-streams")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
                .setGraph(graph)
                .build();
        return new Graph(model, weights);
    }

    private String add(String domain, String operator, List<String> inputs, AttributeProto... attributes) {
        String output = fresh(operator);
        graph.addNode(NodeProto.newBuilder()
                .setDomain(domain)
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes)));
        return output;
    }

    private String fresh(String kind) {
        return kind + "." + values++;
    }

    private static ValueInfoProto value(String name, DataType type, Object... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dimension : dimensions) {
            shape.addDim(
                    dimension instanceof Number number
                            ? Dimension.newBuilder().setDimValue(number.longValue())
                            : Dimension.newBuilder().setDimParam(dimension.toString()));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
                .build();
    }
}
