package io.metaie.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What {@code config.json} says about a RoBERTa token classifier.
 *
 * @param hidden width of the hidden states, H
 * @param layers number of encoder layers
 * @param heads number of attention heads, A; {@code hidden / heads} is the width of a head
 * @param intermediate width of the feed-forward layers, F
 * @param vocabulary rows of the word embeddings
 * @param positions rows of the position embeddings; the first {@code pad + 1} of them belong to no token
 * @param tokenTypes rows of the token type embeddings; only row 0 is used
 * @param epsilon what layer normalisation adds to the variance
 * @param bos id that begins a sequence
 * @param eos id that ends a sequence
 * @param pad id of padding, behind which positions begin
 * @param labels the classifier's labels in the order of its rows: {@code B}, {@code I} and {@code O} in some order
 */
public record RobertaConfig(
        int hidden,
        int layers,
        int heads,
        int intermediate,
        int vocabulary,
        int positions,
        int tokenTypes,
        float epsilon,
        int bos,
        int eos,
        int pad,
        List<String> labels) {

    /** However many positions a checkpoint has, it was trained on sequences no longer than this. */
    private static final int LONGEST = 512;

    private static final Set<String> MODEL_TYPES = Set.of("roberta", "xlm-roberta");
    private static final Set<String> ARCHITECTURES =
            Set.of("RobertaForTokenClassification", "XLMRobertaForTokenClassification");

    public RobertaConfig {
        labels = List.copyOf(labels);
    }

    /** The most tokens one sequence may have, the special ones included. */
    public int maxTokens() {
        return Math.min(LONGEST, positions - firstPosition());
    }

    /** The position of a sequence's first token. */
    public int firstPosition() {
        return pad + 1;
    }

    /** The width of one attention head. */
    public int headWidth() {
        return hidden / heads;
    }

    /**
     * Reads a {@code config.json} as Hugging Face transformers write it.
     *
     * @throws CheckpointException when it describes a model that cannot be run here
     */
    static RobertaConfig parse(JsonNode json) throws CheckpointException {
        checkArchitecture(json);
        RobertaConfig config = new RobertaConfig(
                size(json, "hidden_size"),
                size(json, "num_hidden_layers"),
                size(json, "num_attention_heads"),
                size(json, "intermediate_size"),
                size(json, "vocab_size"),
                size(json, "max_position_embeddings"),
                json.has("type_vocab_size") ? size(json, "type_vocab_size") : 1,
                epsilon(json),
                id(json, "bos_token_id"),
                id(json, "eos_token_id"),
                id(json, "pad_token_id"),
                labels(json));
        if (config.hidden % config.heads != 0) {
            throw new CheckpointException("config.json: hidden_size " + config.hidden
                    + " is not a multiple of num_attention_heads " + config.heads);
        }
        if (config.maxTokens() < 1) {
            throw new CheckpointException("config.json: max_position_embeddings " + config.positions
                    + " leaves no position behind pad_token_id " + config.pad);
        }
        return config;
    }

    private static void checkArchitecture(JsonNode json) throws CheckpointException {
        String type = json.path("model_type").asText("");
        if (!MODEL_TYPES.contains(type)) {
            throw new CheckpointException("config.json: model_type is '" + type
                    + "'; this program runs roberta and xlm-roberta token classifiers only");
        }
        JsonNode architectures = json.path("architectures");
        if (architectures.isArray() && !architectures.isEmpty()
                && !ARCHITECTURES.contains(architectures.get(0).asText())) {
            throw new CheckpointException("config.json: the architecture is " + architectures.get(0).asText()
                    + ", not a token classifier; train one on it first (" + String.join(" or ", sorted()) + ")");
        }
        String activation = json.path("hidden_act").asText("gelu");
        if (!activation.equals("gelu")) {
            throw new CheckpointException(
                    "config.json: hidden_act is '" + activation + "'; only 'gelu' (with erf) can be run");
        }
        String positions = json.path("position_embedding_type").asText("absolute");
        if (!positions.equals("absolute")) {
            throw new CheckpointException("config.json: position_embedding_type is '" + positions
                    + "'; only 'absolute' can be run");
        }
    }

    private static List<String> sorted() {
        return ARCHITECTURES.stream().sorted().toList();
    }

    private static int size(JsonNode json, String field) throws CheckpointException {
        JsonNode value = json.path(field);
        if (!value.isInt() || value.intValue() < 1) {
            throw new CheckpointException("config.json: " + field + " must be a positive number, but is "
                    + (value.isMissingNode() ? "missing" : value));
        }
        return value.intValue();
    }

    private static int id(JsonNode json, String field) throws CheckpointException {
        JsonNode value = json.path(field);
        if (!value.isInt() || value.intValue() < 0 || value.intValue() >= json.path("vocab_size").asInt()) {
            throw new CheckpointException("config.json: " + field + " must be an id below vocab_size, but is "
                    + (value.isMissingNode() ? "missing" : value));
        }
        return value.intValue();
    }

    private static float epsilon(JsonNode json) throws CheckpointException {
        double value = json.path("layer_norm_eps").asDouble(1e-5);
        if (!(value > 0 && value < 1)) {
            throw new CheckpointException("config.json: layer_norm_eps must be between 0 and 1, but is " + value);
        }
        return (float) value;
    }

    private static List<String> labels(JsonNode json) throws CheckpointException {
        JsonNode names = json.path("id2label");
        List<String> labels = new ArrayList<>();
        for (int i = 0; names.has(String.valueOf(i)); i++) {
            labels.add(names.get(String.valueOf(i)).asText());
        }
        if (labels.size() != 3 || names.size() != 3 || !new HashSet<>(labels).equals(Set.of("B", "I", "O"))) {
            throw new CheckpointException("config.json: id2label must name the classifier's three rows B, I and O, but"
                    + " is " + (names.isMissingNode() ? "missing" : names) + "; if the model is a label-to-span tagger"
                    + " whose labels have other names, rename them there (published MetaIE models are in the order"
                    + " B, I, O)");
        }
        return labels;
    }
}
