package io.metaie.onnx;

import static io.metaie.onnx.GraphBuilder.integer;
import static io.metaie.onnx.GraphBuilder.real;

import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.RobertaTensors;
import io.metaie.checkpoint.StoredTensor;
import java.util.List;
import java.util.function.Function;

/**
 * The graph of a RoBERTa token classifier over a <em>ragged</em> batch: the tokens of all its sequences stand in one
 * row, {@code [T]}, without padding, and everything but attention is computed on {@code [T, H]}. Attention needs the
 * sequences apart, {@code [B, A, S, d]}: index tensors that the host makes tell where each head's row of each slot is
 * taken from and put back, so that splitting into heads, padding and transposing are one {@code Gather}.
 *
 * <p>Names of dimensions: T tokens, B sequences, S slots of the longest sequence, W words asked for; H hidden width,
 * A heads, d = H / A. The inputs, all but the mask 32-bit integers:
 * <ul>
 *   <li>{@code tokens [T]}, {@code positions [T]}: ids of the tokens and of their positions
 *   <li>{@code heads [B, A, S]}: for each slot of each head its row among the {@code [T·A, d]} rows of heads; empty
 *       slots take any row
 *   <li>{@code mask [B, 1, 1, S]}, floats: 0 where a slot has a token, else a number that removes it from the softmax
 *   <li>{@code slots [T, A]}: for each token and head its row among the {@code [B·A·S, d]} rows of contexts
 *   <li>{@code words [W]}: the tokens whose logits are wanted; {@code wordSlots [W, A]}: their rows of {@code slots}
 * </ul>
 * The output is {@code logits [W, 3]} in the order B, I, O, whatever the checkpoint's own order is.
 *
 * <p>An {@linkplain #adaptable adaptable} graph has an adapter for further inputs, floats: for each linear layer of the
 * encoder A, {@code [R, in]}, and B, {@code [out, R]}, under the names an {@link AdapterFile} gives them, with a rank R
 * of their own in every run; and {@link #HEAD_DELTA} and {@link #HEAD_BIAS}. With rank 0, no delta and the checkpoint's
 * bias it computes bit by bit what the graph without adapters does.
 *
 * <p>The layers are those of Liu et al., "RoBERTa" (arXiv 1907.11692), as Hugging Face transformers compute them:
 * normalisation behind each block, GELU with erf.
 */
public final class RobertaGraph {

    /** An adapter's input: what its classifier's weight is more than the checkpoint's, {@code [3, H]}. */
    static final String HEAD_DELTA = RobertaTensors.CLASSIFIER + ".weight.delta";
    /** An adapter's input: its classifier's bias, {@code [3]}. */
    static final String HEAD_BIAS = RobertaTensors.CLASSIFIER + ".bias";

    /** In a shape: as many rows as there are. */
    private static final long ROWS = -1;

    private final Checkpoint checkpoint;
    private final RobertaConfig config;
    private final boolean adaptable;
    private final GraphBuilder graph = new GraphBuilder("roberta");
    private final LinearLayers linears;

    private RobertaGraph(Checkpoint checkpoint, boolean adaptable, Function<GraphBuilder, LinearLayers> linears) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.adaptable = adaptable;
        this.linears = linears.apply(graph);
    }

    /** Builds the graph of a checkpoint as it stands, in 32-bit floats. */
    public static Graph ragged(Checkpoint checkpoint) {
        return floats(checkpoint, false);
    }

    /** Builds the graph of a checkpoint with an adapter as further inputs, in 32-bit floats. */
    public static Graph adaptable(Checkpoint checkpoint) {
        return floats(checkpoint, true);
    }

    private static Graph floats(Checkpoint checkpoint, boolean adaptable) {
        return new RobertaGraph(checkpoint, adaptable, graph -> new FloatLayers(graph, checkpoint, adaptable)).build();
    }

    /** The same graphs with linear layers in 8-bit integers. */
    static Graph int8(Int8Weights weights, ActivationRanges ranges, boolean adaptable) {
        return new RobertaGraph(weights.checkpoint(), adaptable,
                graph -> new Int8Layers(graph, weights, ranges, adaptable)).build();
    }

    /** The graph in floats that gives what goes into each linear layer, too, under the {@linkplain RobertaTensors#input names}
     * of those inputs. */
    static Graph observed(Checkpoint checkpoint) {
        return new RobertaGraph(checkpoint, false, graph -> new ObservedLayers(graph, checkpoint)).build();
    }

    private Graph build() {
        String tokens = graph.ints("tokens", "T");
        String positions = graph.ints("positions", "T");
        String heads = graph.ints("heads", "B", config.heads(), "S");
        String mask = graph.floats("mask", "B", 1, 1, "S");
        String slots = graph.ints("slots", "T", config.heads());
        String words = graph.ints("words", "W");
        String wordSlots = graph.ints("wordSlots", "W", config.heads());

        String states = embeddings(tokens, positions);
        int last = config.layers() - 1;
        for (int layer = 0; layer < last; layer++) {
            states = layer(layer, states, heads, mask, slots, states);
        }
        // Behind the last attention only the words asked for are worth computing.
        String asked = graph.node("Gather", List.of(states, words), integer("axis", 0));
        states = layer(last, states, heads, mask, wordSlots, asked);
        graph.output("logits", classifier(states), "W", 3);
        return graph.build();
    }

    private String embeddings(String tokens, String positions) {
        String words = rows(RobertaTensors.WORDS, tokens);
        String places = rows(RobertaTensors.POSITIONS, positions);
        String type = graph.node(
                "Gather", List.of(weight(RobertaTensors.TOKEN_TYPES), graph.scalar(0)), integer("axis", 0));
        return addAndNormalize(words, places, RobertaTensors.EMBEDDINGS_NORM, type);
    }

    /** Rows of a table, which stays in the type it is stored in: only the rows taken are converted. */
    private String rows(String table, String indices) {
        StoredTensor tensor = checkpoint.tensor(table);
        String rows = graph.node("Gather", List.of(graph.stored(tensor), indices), integer("axis", 0));
        return graph.toFloats(rows, tensor.type());
    }

    /**
     * One encoder layer.
     *
     * @param states {@code [T, H]}: what all its tokens attend to
     * @param slots {@code [R, A]}: which tokens' contexts go on
     * @param residual {@code [R, H]}: the states of those tokens
     * @return {@code [R, H]}
     */
    private String layer(int layer, String states, String heads, String mask, String slots, String residual) {
        String context = attention(layer, states, heads, mask, slots);
        String attended = addAndNormalize(
                linears.build(context, RobertaTensors.attentionOutput(layer)),
                residual,
                RobertaTensors.attentionNorm(layer),
                bias(RobertaTensors.attentionOutput(layer)));
        // Measured: Gelu behind a Gemm that adds the bias takes half the time of BiasGelu behind one that does not.
        String up = graph.node("Gelu", List.of(linearWithBias(attended, RobertaTensors.intermediate(layer))));
        return addAndNormalize(
                linears.build(up, RobertaTensors.output(layer)),
                attended,
                RobertaTensors.outputNorm(layer),
                bias(RobertaTensors.output(layer)));
    }

    /** The heads' joined contexts, {@code [R, H]}. */
    private String attention(int layer, String states, String heads, String mask, String slots) {
        String query = split(linearWithBias(states, RobertaTensors.query(layer)), heads);
        String key = split(linearWithBias(states, RobertaTensors.key(layer)), heads);
        String value = split(linearWithBias(states, RobertaTensors.value(layer)), heads);
        String scores = graph.microsoft(
                "FusedMatMul",
                List.of(query, key),
                integer("transB", 1),
                real("alpha", (float) (1 / Math.sqrt(config.headWidth()))));
        String weights = graph.node("Softmax", List.of(graph.node("Add", List.of(scores, mask))), integer("axis", -1));
        String context = graph.node("MatMul", List.of(weights, value));
        String rows = reshape(context, ROWS, config.headWidth());
        return reshape(graph.node("Gather", List.of(rows, slots), integer("axis", 0)), ROWS, config.hidden());
    }

    /** {@code [T, H]} → {@code [B, A, S, d]} */
    private String split(String states, String heads) {
        String rows = reshape(states, ROWS, config.headWidth());
        return graph.node("Gather", List.of(rows, heads), integer("axis", 0));
    }

    private String classifier(String states) {
        List<String> labels = config.labels();
        String order = graph.constant(labels.indexOf("B"), labels.indexOf("I"), labels.indexOf("O"));
        String addition = adaptable
                ? FloatLayers.product(
                        graph,
                        states,
                        graph.floats(HEAD_DELTA, labels.size(), config.hidden()),
                        graph.floats(HEAD_BIAS, labels.size()))
                : bias(RobertaTensors.CLASSIFIER);
        String logits = FloatLayers.product(graph, states, weight(RobertaTensors.CLASSIFIER + ".weight"), addition);
        return graph.node("Gather", List.of(logits, order), integer("axis", 1));
    }

    private String linearWithBias(String x, String name) {
        return linears.build(x, name, bias(name));
    }

    /** {@code normalize(x + residual + bias)} */
    private String addAndNormalize(String x, String residual, String norm, String bias) {
        return graph.microsoft(
                "SkipLayerNormalization",
                List.of(x, residual, weight(norm + ".weight"), bias(norm), bias),
                real("epsilon", config.epsilon()));
    }

    private String reshape(String value, long... shape) {
        return graph.node("Reshape", List.of(value, graph.constant(shape)));
    }

    private String weight(String name) {
        return graph.weight(checkpoint.tensor(name));
    }

    private String bias(String name) {
        return weight(name + ".bias");
    }
}
