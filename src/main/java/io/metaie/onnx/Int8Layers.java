package io.metaie.onnx;

import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.StoredTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Linear layers in 8-bit integers. What goes into a layer is rounded to {@code scale · (q − zero)}, q unsigned, with a
 * scale of the {@linkplain ActivationRanges calibration}: it does not depend on the batch, so neither do the logits. The
 * sums are exact, in 32 bits; bias and adapters are added in floats.
 */
final class Int8Layers implements LinearLayers {

    private final GraphBuilder graph;
    private final Int8Weights weights;
    private final ActivationRanges ranges;
    private final boolean adaptable;
    /** What is rounded already, by the value it was: query, key and value share theirs. */
    private final Map<String, String> rounded = new HashMap<>();

    /** @param adaptable whether an adapter is added, for which the graph has inputs then */
    Int8Layers(GraphBuilder graph, Int8Weights weights, ActivationRanges ranges, boolean adaptable) {
        this.graph = graph;
        this.weights = weights;
        this.ranges = ranges;
        this.adaptable = adaptable;
    }

    @Override
    public String build(String x, String name, String... bias) {
        ActivationRanges.Range range = ranges.of(name);
        String scale = graph.real(range.scale());
        String zero = graph.unsignedByte(range.zero());
        String q = rounded.computeIfAbsent(x, value -> graph.node("QuantizeLinear", List.of(value, scale, zero)));
        String product = graph.microsoft("MatMulIntegerToFloat", List.of(
                q,
                graph.stored(weights.weight(name)),
                scale,
                graph.stored(weights.scales(name)),
                zero,
                weights.signed() ? "" : graph.unsignedByte(Int8Weights.UNSIGNED_ZERO),
                bias.length == 0 ? "" : bias[0]));
        if (!adaptable) {
            return product;
        }
        StoredTensor weight = weights.checkpoint().tensor(name + ".weight");
        return FloatLayers.adapter(graph, x, weight, name, product);
    }
}
