package io.metaie.onnx;

import static io.metaie.onnx.GraphBuilder.integer;

import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.StoredTensor;
import java.util.ArrayList;
import java.util.List;

/** Linear layers in 32-bit floats. */
final class FloatLayers implements LinearLayers {

    private final GraphBuilder graph;
    private final Checkpoint checkpoint;
    private final boolean adaptable;

    /** @param adaptable whether an adapter is added, for which the graph has inputs then */
    FloatLayers(GraphBuilder graph, Checkpoint checkpoint, boolean adaptable) {
        this.graph = graph;
        this.checkpoint = checkpoint;
        this.adaptable = adaptable;
    }

    /**
     * With an adapter {@code x Wᵀ + ((x Aᵀ) Bᵀ + b)}, which costs less than adding two products (measured at rank 8:
     * 6 % of a run against 10 %).
     */
    @Override
    public String build(String x, String name, String... bias) {
        StoredTensor weight = checkpoint.tensor(name + ".weight");
        return product(graph, x, graph.weight(weight), adaptable ? new String[] {adapter(graph, x, weight, name, bias)} : bias);
    }

    /** {@code (x Aᵀ) Bᵀ + c}, or without c if none is given. */
    static String adapter(GraphBuilder graph, String x, StoredTensor weight, String name, String... c) {
        String a = graph.floats(name + AdapterFile.A, "R", weight.shape()[1]);
        String b = graph.floats(name + AdapterFile.B, weight.shape()[0], "R");
        return product(graph, product(graph, x, a), b, c);
    }

    /** {@code x Wᵀ + c}, or without c if none is given. */
    static String product(GraphBuilder graph, String x, String weight, String... c) {
        List<String> inputs = new ArrayList<>(List.of(x, weight));
        inputs.addAll(List.of(c));
        return graph.node("Gemm", inputs, integer("transB", 1));
    }
}
