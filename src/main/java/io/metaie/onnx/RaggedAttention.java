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
 * <p>Queries have as many slots as the longest sequence has tokens, keys and values a few more, {@code K}: see
 * {@link RaggedInputs#KEY_STEP}. The graph's inputs, all but the masks 32-bit integers:
 * <ul>
 *   <li>{@code distinct [T]}: for each token its row among the distinct ones
 *   <li>{@code queries [B, A, S]}, {@code keys [B, A, K]}: for each slot of each head its row among the {@code [T·A, d]}
 *       rows of heads; empty slots take any row of their sequence
 *   <li>{@code firstQueries}, {@code firstKeys}: the same among the {@code [U·A, d]} of the distinct tokens
 *   <li>{@code mask [B, 1, S, K]}, floats: 0 where a key's slot has a token, else a number that removes it from the
 *       softmax. It is given for each query, though it is the same for all of a sequence: ONNX Runtime adds it in runs of
 *       {@code S · K} then, in less than half of the time that runs of {@code K} take
 *   <li>{@code slots [T, A]}: for each token and head its row among the {@code [B·A·S, d]} rows of contexts
 *   <li>{@code words [W]}: the tokens whose logits are wanted; {@code wordQueries [B, A, V]} with a slot for each word of the
 *       sequence with the most, {@code wordMask [B, 1, V, K]} and {@code wordSlots [W, A]}: the like for them alone
 * </ul>
 */
final class RaggedAttention implements Attention {

    private final GraphBuilder graph;
    private final RobertaConfig config;
    private final String distinct;
    private final String firstQueries;
    private final String firstKeys;
    private final String queries;
    private final String keys;
    private final String mask;
    private final String slots;
    private final String words;
    private final String wordQueries;
    private final String wordMask;
    private final String wordSlots;

    RaggedAttention(GraphBuilder graph, RobertaConfig config) {
        this.graph = graph;
        this.config = config;
        int heads = config.heads();
        this.distinct = graph.ints("distinct", "T");
        this.firstQueries = graph.ints("firstQueries", "B", heads, "S");
        this.firstKeys = graph.ints("firstKeys", "B", heads, "K");
        this.queries = graph.ints("queries", "B", heads, "S");
        this.keys = graph.ints("keys", "B", heads, "K");
        this.mask = graph.floats("mask", "B", 1, "S", "K");
        this.slots = graph.ints("slots", "T", heads);
        this.words = graph.ints("words", "W");
        this.wordQueries = graph.ints("wordQueries", "B", heads, "V");
        this.wordMask = graph.floats("wordMask", "B", 1, "V", "K");
        this.wordSlots = graph.ints("wordSlots", "W", heads);
    }

    @Override
    public String ofTokens(String states) {
        return graph.node("Gather", List.of(states, distinct), integer("axis", 0));
    }

    @Override
    public String words() {
        return words;
    }

    @Override
    public String asking(String states, String asked) {
        return asked;
    }

    @Override
    public String ofDistinct(String query, String key, String value) {
        return build(heads(query, firstQueries), heads(key, firstKeys), heads(value, firstKeys), mask, slots);
    }

    @Override
    public String ofAll(String query, String key, String value) {
        return build(heads(query, queries), heads(key, keys), heads(value, keys), mask, slots);
    }

    @Override
    public String ofWords(String query, String key, String value) {
        return build(heads(query, wordQueries), heads(key, keys), heads(value, keys), wordMask, wordSlots);
    }

    /**
     * @param query {@code [B, A, Q, d]} with as many slots as queries there are, key and value {@code [B, A, K, d]}
     * @param mask {@code [B, 1, Q, K]}
     * @param rows which rows of the contexts are wanted, {@code [R, A]}
     * @return {@code [R, H]}
     */
    private String build(String query, String key, String value, String mask, String rows) {
        String scores = graph.microsoft(
                "FusedMatMul",
                List.of(query, key),
                integer("transB", 1),
                real("alpha", (float) (1 / Math.sqrt(config.headWidth()))));
        String weights = graph.node("Softmax", List.of(graph.node("Add", List.of(scores, mask))), integer("axis", -1));
        String context = graph.node("MatMul", List.of(weights, value));
        String each = graph.reshape(context, GraphBuilder.ROWS, config.headWidth());
        return graph.reshape(
                graph.node("Gather", List.of(each, rows), integer("axis", 0)), GraphBuilder.ROWS, config.hidden());
    }

    /** {@code [R, H]} → {@code [B, A, Q, d]} or {@code [B, A, K, d]} */
    private String heads(String states, String indices) {
        String rows = graph.reshape(states, GraphBuilder.ROWS, config.headWidth());
        return graph.node("Gather", List.of(rows, indices), integer("axis", 0));
    }
}
