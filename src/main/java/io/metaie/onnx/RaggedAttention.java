package io.metaie.onnx;

import static io.metaie.onnx.GraphBuilder.integer;
import static io.metaie.onnx.GraphBuilder.real;

import io.metaie.checkpoint.RobertaConfig;
import java.util.List;

/**
 * Attention for processors. It needs the sequences apart, {@code [B, A, S, d]}: index tensors that the host makes tell
 * where each head's row of each slot is taken from and put back, so that splitting into heads, padding and transposing
 * are one {@code Gather}.
 *
 * <p>The graph's inputs, all but the mask 32-bit integers:
 * <ul>
 *   <li>{@code heads [B, A, S]}: for each slot of each head its row among the {@code [T·A, d]} rows of heads; empty
 *       slots take any row
 *   <li>{@code mask [B, 1, 1, S]}, floats: 0 where a slot has a token, else a number that removes it from the softmax
 *   <li>{@code slots [T, A]}: for each token and head its row among the {@code [B·A·S, d]} rows of contexts
 *   <li>{@code words [W]}: the tokens whose logits are wanted; {@code wordSlots [W, A]}: their rows of {@code slots}
 * </ul>
 */
final class RaggedAttention implements Attention {

    private final GraphBuilder graph;
    private final RobertaConfig config;
    private final String heads;
    private final String mask;
    private final String slots;
    private final String words;
    private final String wordSlots;

    RaggedAttention(GraphBuilder graph, RobertaConfig config) {
        this.graph = graph;
        this.config = config;
        this.heads = graph.ints("heads", "B", config.heads(), "S");
        this.mask = graph.floats("mask", "B", 1, 1, "S");
        this.slots = graph.ints("slots", "T", config.heads());
        this.words = graph.ints("words", "W");
        this.wordSlots = graph.ints("wordSlots", "W", config.heads());
    }

    @Override
    public String words() {
        return words;
    }

    @Override
    public String ofAll(String query, String key, String value) {
        return build(query, key, value, slots);
    }

    @Override
    public String ofWords(String query, String key, String value) {
        return build(query, key, value, wordSlots);
    }

    private String build(String query, String key, String value, String rows) {
        String scores = graph.microsoft(
                "FusedMatMul",
                List.of(split(query), split(key)),
                integer("transB", 1),
                real("alpha", (float) (1 / Math.sqrt(config.headWidth()))));
        String weights = graph.node("Softmax", List.of(graph.node("Add", List.of(scores, mask))), integer("axis", -1));
        String context = graph.node("MatMul", List.of(weights, split(value)));
        String each = graph.reshape(context, GraphBuilder.ROWS, config.headWidth());
        return graph.reshape(
                graph.node("Gather", List.of(each, rows), integer("axis", 0)), GraphBuilder.ROWS, config.hidden());
    }

    /** {@code [T, H]} → {@code [B, A, S, d]} */
    private String split(String states) {
        String rows = graph.reshape(states, GraphBuilder.ROWS, config.headWidth());
        return graph.node("Gather", List.of(rows, heads), integer("axis", 0));
    }
}
