package io.metaie.load;

import static io.metaie.onnx.GraphBuilder.integer;
import static io.metaie.onnx.GraphBuilder.integers;
import static io.metaie.onnx.GraphBuilder.real;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.RobertaTensors;
import io.metaie.onnx.Graph;
import io.metaie.onnx.GraphBuilder;
import java.util.List;

/**
 * The same model as a plain export gives it, to compare with: a padded batch {@code [B, S]}, ONNX's own operators,
 * every token through every layer. ONNX Runtime fuses what it recognises, as it does for exported models.
 *
 * <p>Inputs {@code tokens [B, S]} and {@code positions [B, S]}, 32-bit integers, and {@code mask [B, 1, 1, S]}, floats;
 * output {@code logits [B, S, 3]} in the checkpoint's order of labels.
 */
final class PaddedGraph {

    private final Checkpoint checkpoint;
    private final RobertaConfig config;
    private final GraphBuilder graph = new GraphBuilder("roberta-padded");

    private PaddedGraph(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
    }

    static Graph of(Checkpoint checkpoint) {
        return new PaddedGraph(checkpoint).build();
    }

    private Graph build() {
        String tokens = graph.ints("tokens", "B", "S");
        String positions = graph.ints("positions", "B", "S");
        String mask = graph.floats("mask", "B", 1, 1, "S");
        String words = gather(RobertaTensors.WORDS, tokens);
        String type = gather(RobertaTensors.TOKEN_TYPES, graph.scalar(0));
        String sum = add(add(words, type), gather(RobertaTensors.POSITIONS, positions));
        String states = normalize(sum, RobertaTensors.EMBEDDINGS_NORM);
        for (int layer = 0; layer < config.layers(); layer++) {
            states = layer(layer, states, mask);
        }
        graph.output("logits", linear(states, RobertaTensors.CLASSIFIER), "B", "S", 3);
        return graph.build();
    }

    private String layer(int layer, String states, String mask) {
        String query = split(linear(states, RobertaTensors.query(layer)), 0, 2, 1, 3);
        String key = split(linear(states, RobertaTensors.key(layer)), 0, 2, 3, 1);
        String value = split(linear(states, RobertaTensors.value(layer)), 0, 2, 1, 3);
        String products = graph.node("MatMul", List.of(query, key));
        String scale = graph.real((float) (1 / Math.sqrt(config.headWidth())));
        String scores = graph.node("Mul", List.of(products, scale));
        String weights = graph.node("Softmax", List.of(add(scores, mask)), integer("axis", -1));
        String context = graph.node(
                "Transpose", List.of(graph.node("MatMul", List.of(weights, value))), integers("perm", 0, 2, 1, 3));
        String joined = graph.node("Reshape", List.of(context, graph.constant(0, 0, config.hidden())));
        String output = linear(joined, RobertaTensors.attentionOutput(layer));
        String attended = normalize(add(output, states), RobertaTensors.attentionNorm(layer));
        String up = gelu(linear(attended, RobertaTensors.intermediate(layer)));
        return normalize(add(linear(up, RobertaTensors.output(layer)), attended), RobertaTensors.outputNorm(layer));
    }

    private String split(String states, long... permutation) {
        String heads = graph.node(
                "Reshape", List.of(states, graph.constant(0, 0, config.heads(), config.headWidth())));
        return graph.node("Transpose", List.of(heads), integers("perm", permutation));
    }

    /** {@code x (1 + erf(x / √2)) / 2}, as exporters write it. */
    private String gelu(String x) {
        String erf = graph.node("Erf", List.of(graph.node("Div", List.of(x, graph.real((float) Math.sqrt(2))))));
        String doubled = graph.node("Mul", List.of(x, add(erf, graph.real(1))));
        return graph.node("Mul", List.of(doubled, graph.real(0.5f)));
    }

    private String linear(String x, String name) {
        String transposed = graph.node("Transpose", List.of(weight(name + ".weight")), integers("perm", 1, 0));
        return add(graph.node("MatMul", List.of(x, transposed)), weight(name + ".bias"));
    }

    private String normalize(String x, String norm) {
        return graph.node(
                "LayerNormalization",
                List.of(x, weight(norm + ".weight"), weight(norm + ".bias")),
                real("epsilon", config.epsilon()));
    }

    private String gather(String table, String indices) {
        return graph.node("Gather", List.of(weight(table), indices), integer("axis", 0));
    }

    private String weight(String name) {
        return graph.weight(checkpoint.tensor(name));
    }

    private String add(String left, String right) {
        return graph.node("Add", List.of(left, right));
    }
}
