package io.metaie.onnx;

import static io.metaie.onnx.GraphBuilder.integer;
import static io.metaie.onnx.GraphBuilder.real;

import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.RobertaTensors;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.onnx.proto.TensorProto.DataType;
import java.util.List;

/**
 * The graph of a RoBERTa token classifier over a <em>ragged</em> batch: the tokens of all its sequences stand in one
 * row, {@code [T]}, without padding, and everything but {@linkplain Attention attention} is computed on {@code [T, H]}.
 *
 * <p>Names of dimensions: T tokens, U of them distinct, B sequences, S slots of the longest sequence, W words asked for; H
 * hidden width, A heads, d = H / A. The inputs are those of attention and, 32-bit integers, {@code tokens [U]} and
 * {@code positions [U]}: ids of the distinct tokens and of their positions. The output is {@code logits [W, 3]} in the order
 * B, I, O, whatever the checkpoint's own order is.
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

    private static final String NAME = "roberta";

    /** An adapter's input: what its classifier's weight is more than the checkpoint's, {@code [3, H]}. */
    static final String HEAD_DELTA = RobertaTensors.CLASSIFIER + ".weight.delta";
    /** An adapter's input: its classifier's bias, {@code [3]}. */
    static final String HEAD_BIAS = RobertaTensors.CLASSIFIER + ".bias";

    private final Checkpoint checkpoint;
    private final RobertaConfig config;
    private final boolean adaptable;
    private final GraphBuilder graph;
    private final LinearLayers linears;
    private final Attention attention;

    private RobertaGraph(
            Checkpoint checkpoint, boolean adaptable, GraphBuilder graph, LinearLayers linears, Attention attention) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.adaptable = adaptable;
        this.graph = graph;
        this.linears = linears;
        this.attention = attention;
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
        GraphBuilder graph = new GraphBuilder(NAME);
        return ragged(checkpoint, adaptable, graph, new FloatLayers(graph, checkpoint, adaptable));
    }

    /** The same graphs with linear layers in 8-bit integers. */
    static Graph int8(Int8Weights weights, ActivationRanges ranges, boolean adaptable) {
        GraphBuilder graph = new GraphBuilder(NAME);
        return ragged(weights.checkpoint(), adaptable, graph, new Int8Layers(graph, weights, ranges, adaptable));
    }

    /**
     * The graph in floats that gives what goes into each linear layer, too, under the {@linkplain RobertaTensors#input
     * names} of those inputs.
     */
    static Graph observed(Checkpoint checkpoint) {
        GraphBuilder graph = new GraphBuilder(NAME);
        return ragged(checkpoint, false, graph, new ObservedLayers(graph, checkpoint));
    }

    private static Graph ragged(Checkpoint checkpoint, boolean adaptable, GraphBuilder graph, LinearLayers linears) {
        return new RobertaGraph(
                checkpoint, adaptable, graph, linears, new RaggedAttention(graph, checkpoint.config())).build();
    }

    /** Builds the graph for a GPU. An adapter, if it takes one, must not be of rank 0. */
    static Graph packed(Checkpoint checkpoint, Precision precision, boolean adaptable) {
        GraphBuilder graph =
                new GraphBuilder(NAME, precision == Precision.FP16 ? DataType.FLOAT16 : DataType.FLOAT);
        return new RobertaGraph(checkpoint, adaptable, graph, new FloatLayers(graph, checkpoint, adaptable),
                new PackedAttention(graph, checkpoint.config())).build();
    }

    /** Builds the graph for a GPU, without adapters. */
    public static Graph packed(Checkpoint checkpoint, Precision precision) {
        return packed(checkpoint, precision, false);
    }

    private Graph build() {
        String distinct = embeddings(graph.ints("tokens", "U"), graph.ints("positions", "U"));
        String states = attention.ofTokens(distinct);
        int last = config.layers() - 1;
        for (int layer = 0; layer < last; layer++) {
            String context = layer == 0
                    ? attention.ofDistinct(query(layer, distinct), key(layer, distinct), value(layer, distinct))
                    : attention.ofAll(query(layer, states), key(layer, states), value(layer, states));
            states = behindAttention(layer, context, states);
        }
        // Behind the last attention only the words asked for are worth computing.
        String asked = graph.node("Gather", List.of(states, attention.words()), integer("axis", 0));
        String key = key(last, states);
        String value = value(last, states);
        String query = query(last, attention.asking(states, asked));
        graph.output("logits", classifier(behindAttention(last, attention.ofWords(query, key, value), asked)), "W", 3);
        return graph.build();
    }

    private String query(int layer, String states) {
        return linearWithBias(states, RobertaTensors.query(layer));
    }

    private String key(int layer, String states) {
        return linearWithBias(states, RobertaTensors.key(layer));
    }

    private String value(int layer, String states) {
        return linearWithBias(states, RobertaTensors.value(layer));
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
     * What an encoder layer does behind its attention.
     *
     * @param context the heads' joined contexts, {@code [R, H]}
     * @param residual {@code [R, H]}: the states of the same tokens before
     * @return {@code [R, H]}
     */
    private String behindAttention(int layer, String context, String residual) {
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

    private String weight(String name) {
        return graph.weight(checkpoint.tensor(name));
    }

    private String bias(String name) {
        return weight(name + ".bias");
    }
}
