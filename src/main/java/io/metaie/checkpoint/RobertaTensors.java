package io.metaie.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The names Hugging Face transformers give the tensors of a RoBERTa token classifier. A linear layer {@code x} has
 * {@code x.weight}, {@code [out, in]}, and {@code x.bias}, {@code [out]}; a normalisation the same, both {@code [H]}.
 */
public final class RobertaTensors {

    public static final String WORDS = "roberta.embeddings.word_embeddings.weight";
    public static final String POSITIONS = "roberta.embeddings.position_embeddings.weight";
    public static final String TOKEN_TYPES = "roberta.embeddings.token_type_embeddings.weight";
    public static final String EMBEDDINGS_NORM = "roberta.embeddings.LayerNorm";
    public static final String CLASSIFIER = "classifier";

    private RobertaTensors() {}

    /** The query projection of a layer, {@code [H, H]}. */
    public static String query(int layer) {
        return layer(layer) + "attention.self.query";
    }

    /** The key projection of a layer, {@code [H, H]}. */
    public static String key(int layer) {
        return layer(layer) + "attention.self.key";
    }

    /** The value projection of a layer, {@code [H, H]}. */
    public static String value(int layer) {
        return layer(layer) + "attention.self.value";
    }

    /** What the heads' joined contexts go through, {@code [H, H]}. */
    public static String attentionOutput(int layer) {
        return layer(layer) + "attention.output.dense";
    }

    /** The normalisation behind a layer's attention. */
    public static String attentionNorm(int layer) {
        return layer(layer) + "attention.output.LayerNorm";
    }

    /** The feed-forward network's way up, {@code [F, H]}. */
    public static String intermediate(int layer) {
        return layer(layer) + "intermediate.dense";
    }

    /** The feed-forward network's way down, {@code [H, F]}. */
    public static String output(int layer) {
        return layer(layer) + "output.dense";
    }

    /** The normalisation that ends a layer. */
    public static String outputNorm(int layer) {
        return layer(layer) + "output.LayerNorm";
    }

    /** Names what goes into a linear layer: query, key and value have one input. */
    public static String input(String linear) {
        return linear.replaceFirst("(attention\\.self)\\.(query|key|value)$", "$1");
    }

    /** The encoder's linear layers, in the order in which they are computed. */
    public static List<String> linearLayers(RobertaConfig config) {
        return IntStream.range(0, config.layers())
                .boxed()
                .flatMap(layer -> Stream.of(
                        query(layer), key(layer), value(layer), attentionOutput(layer), intermediate(layer), output(layer)))
                .toList();
    }

    private static String layer(int layer) {
        return "roberta.encoder.layer." + layer + ".";
    }

    /** Every tensor that a configuration calls for, with its shape. */
    static Map<String, long[]> shapes(RobertaConfig config) {
        long hidden = config.hidden();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(WORDS, new long[] {config.vocabulary(), hidden});
        shapes.put(POSITIONS, new long[] {config.positions(), hidden});
        shapes.put(TOKEN_TYPES, new long[] {config.tokenTypes(), hidden});
        norm(shapes, EMBEDDINGS_NORM, hidden);
        for (int layer = 0; layer < config.layers(); layer++) {
            linear(shapes, query(layer), hidden, hidden);
            linear(shapes, key(layer), hidden, hidden);
            linear(shapes, value(layer), hidden, hidden);
            linear(shapes, attentionOutput(layer), hidden, hidden);
            norm(shapes, attentionNorm(layer), hidden);
            linear(shapes, intermediate(layer), config.intermediate(), hidden);
            linear(shapes, output(layer), hidden, config.intermediate());
            norm(shapes, outputNorm(layer), hidden);
        }
        linear(shapes, CLASSIFIER, config.labels().size(), hidden);
        return shapes;
    }

    private static void linear(Map<String, long[]> shapes, String name, long out, long in) {
        shapes.put(name + ".weight", new long[] {out, in});
        shapes.put(name + ".bias", new long[] {out});
    }

    private static void norm(Map<String, long[]> shapes, String name, long width) {
        shapes.put(name + ".weight", new long[] {width});
        shapes.put(name + ".bias", new long[] {width});
    }
}
