package io.metaie.onnx;

import static io.metaie.onnx.GraphBuilder.integer;

import io.metaie.checkpoint.RobertaConfig;
import java.util.List;

/**
 * Attention for GPUs: ORT's {@code PackedMultiHeadAttention} reads sequences that stand in one row, {@code [T, H]}. Query,
 * key and value are projected outside it, where adapters have their place.
 *
 * <p>The graph's inputs, 32-bit integers:
 * <ul>
 *   <li>{@code offsets [B, S]}: the places of the T tokens among the B·S slots of a padded batch, then the empty slots
 *   <li>{@code starts [B + 1]}: how many tokens stand before each sequence, and T at the end
 *   <li>{@code words [W]}: the tokens whose logits are wanted
 * </ul>
 */
final class PackedAttention implements Attention {

    private final GraphBuilder graph;
    private final RobertaConfig config;
    private final String offsets;
    private final String starts;
    private final String words;

    PackedAttention(GraphBuilder graph, RobertaConfig config) {
        this.graph = graph;
        this.config = config;
        this.offsets = graph.ints("offsets", "B", "S");
        this.starts = graph.ints("starts", "B + 1");
        this.words = graph.ints("words", "W");
    }

    @Override
    public String words() {
        return words;
    }

    /** On a GPU, which has products to spare, all tokens count as distinct. */
    @Override
    public String ofTokens(String distinct) {
        return distinct;
    }

    @Override
    public String ofDistinct(String query, String key, String value) {
        return ofAll(query, key, value);
    }

    /** The kernel takes as many queries as keys. */
    @Override
    public String asking(String states, String asked) {
        return states;
    }

    @Override
    public String ofAll(String query, String key, String value) {
        return graph.microsoft("PackedMultiHeadAttention", List.of(query, key, value, "", offsets, starts),
                integer("num_heads", config.heads()));
    }

    @Override
    public String ofWords(String query, String key, String value) {
        return graph.node("Gather", List.of(ofAll(query, key, value), words), integer("axis", 0));
    }
}
