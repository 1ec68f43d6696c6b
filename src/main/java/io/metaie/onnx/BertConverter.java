package io.metaie.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.CheckpointWriter;
import io.metaie.checkpoint.RobertaTensors;
import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.onnx.BertOnnx.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Makes a RoBERTa checkpoint of a BERT encoder's ONNX file. BERT is a RoBERTa with one token type (its row 0), whose
 * positions begin behind that of padding: the same function of the same tokens. The classifier is new, small random
 * numbers: the checkpoint is one to train from.
 */
public final class BertConverter {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TAGS = List.of("B", "I", "O");
    /** How classifiers begin in BERT's and RoBERTa's own training. */
    private static final double DEVIATION = 0.02;

    private final BertOnnx bert;
    private final List<Entry> weights = new ArrayList<>();

    private BertConverter(BertOnnx bert) {
        this.bert = bert;
    }

    /**
     * Converts a file.
     *
     * @param source an ONNX file with its {@code tokenizer.json} beside it, or a jar with both
     * @throws CheckpointException when it is no BERT encoder, or a part is missing
     */
    public static void convert(Path source, Path directory) throws IOException, CheckpointException {
        if (!Files.isRegularFile(source)) {
            throw new CheckpointException("there is no file " + source);
        }
        if (source.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".jar")) {
            try (ZipFile jar = new ZipFile(source.toFile())) {
                byte[] tokenizer;
                try (InputStream in = jar.getInputStream(entry(jar, "tokenizer.json"))) {
                    tokenizer = in.readAllBytes();
                }
                try (InputStream in = jar.getInputStream(entry(jar, ".onnx"))) {
                    new BertConverter(BertOnnx.read(in)).write(directory, tokenizer);
                }
            }
        } else {
            Path tokenizer = source.resolveSibling("tokenizer.json");
            if (!Files.isRegularFile(tokenizer)) {
                throw new CheckpointException("there is no " + tokenizer + " beside " + source.getFileName());
            }
            try (InputStream in = Files.newInputStream(source)) {
                new BertConverter(BertOnnx.read(in)).write(directory, Files.readAllBytes(tokenizer));
            }
        }
    }

    private static ZipEntry entry(ZipFile jar, String ending) throws CheckpointException {
        return jar.stream()
                .filter(entry -> entry.getName().endsWith(ending))
                .findFirst()
                .map(ZipEntry.class::cast)
                .orElseThrow(() -> new CheckpointException(jar.getName() + " has no file that ends in " + ending));
    }

    private void write(Path directory, byte[] tokenizer) throws IOException, CheckpointException {
        bert.checkActivation();
        JsonNode tokens = JSON.readTree(tokenizer).path("added_tokens");
        int pad = id(tokens, "[PAD]");
        embeddings(pad);
        int layers = 0;
        while (bert.has("encoder.layer." + layers + ".output.dense.bias")) {
            layer(layers++);
        }
        if (layers == 0) {
            throw new CheckpointException("the ONNX graph has no layers named encoder.layer.0");
        }
        classifier();
        CheckpointWriter.write(directory, config(layers, pad, tokens), tokenizer, weights);
    }

    private static int id(JsonNode tokens, String content) throws CheckpointException {
        for (JsonNode token : tokens) {
            if (token.path("content").asText().equals(content)) {
                return token.path("id").asInt();
            }
        }
        throw new CheckpointException("tokenizer.json has no token " + content + ": it is not BERT's");
    }

    private ObjectNode config(int layers, int pad, JsonNode tokens) throws CheckpointException {
        int hidden = width(RobertaTensors.WORDS);
        ObjectNode config = JSON.createObjectNode();
        config.put("model_type", "roberta");
        config.putArray("architectures").add("RobertaForTokenClassification");
        config.put("vocab_size", length(RobertaTensors.WORDS));
        config.put("hidden_size", hidden);
        config.put("num_hidden_layers", layers);
        config.put("num_attention_heads", hidden / bert.headWidth());
        config.put("intermediate_size", length(RobertaTensors.intermediate(0) + ".weight"));
        config.put("hidden_act", "gelu");
        config.put("max_position_embeddings", length(RobertaTensors.POSITIONS));
        config.put("type_vocab_size", 1);
        config.put("layer_norm_eps", Double.parseDouble(Float.toString((float) bert.epsilon())));
        config.put("hidden_dropout_prob", 0.1);
        config.put("attention_probs_dropout_prob", 0.1);
        config.put("initializer_range", DEVIATION);
        config.put("pad_token_id", pad);
        config.put("bos_token_id", id(tokens, "[CLS]"));
        config.put("eos_token_id", id(tokens, "[SEP]"));
        ObjectNode names = config.putObject("id2label");
        ObjectNode ids = config.putObject("label2id");
        for (String tag : TAGS) {
            names.put(String.valueOf(TAGS.indexOf(tag)), tag);
            ids.put(tag, TAGS.indexOf(tag));
        }
        return config;
    }

    private int length(String name) {
        return (int) shape(name)[0];
    }

    private int width(String name) {
        return (int) shape(name)[1];
    }

    private long[] shape(String name) {
        return weights.stream().filter(weight -> weight.name().equals(name)).findFirst().orElseThrow().shape();
    }

    private void embeddings(int pad) throws CheckpointException {
        add(RobertaTensors.WORDS, bert.named("embeddings.word_embeddings.weight"));
        Table positions = bert.named("embeddings.position_embeddings.weight");
        int hidden = (int) positions.shape()[1];
        float[] behindPad = new float[(pad + 1) * hidden + positions.values().length];
        System.arraycopy(positions.values(), 0, behindPad, (pad + 1) * hidden, positions.values().length);
        add(RobertaTensors.POSITIONS, new Table(new long[] {behindPad.length / hidden, hidden}, behindPad));
        Table types = bert.named("embeddings.token_type_embeddings.weight");
        add(RobertaTensors.TOKEN_TYPES, new Table(new long[] {1, hidden}, Arrays.copyOf(types.values(), hidden)));
        norm(RobertaTensors.EMBEDDINGS_NORM);
    }

    private void layer(int layer) throws CheckpointException {
        for (String linear : List.of(RobertaTensors.query(layer), RobertaTensors.key(layer), RobertaTensors.value(layer),
                RobertaTensors.attentionOutput(layer), RobertaTensors.intermediate(layer), RobertaTensors.output(layer))) {
            add(linear + ".weight", bert.matrix(named(linear)));
            add(linear + ".bias", bert.named(named(linear) + ".bias"));
        }
        norm(RobertaTensors.attentionNorm(layer));
        norm(RobertaTensors.outputNorm(layer));
    }

    private void norm(String name) throws CheckpointException {
        add(name + ".weight", bert.named(named(name) + ".weight"));
        add(name + ".bias", bert.named(named(name) + ".bias"));
    }

    private void classifier() {
        int hidden = width(RobertaTensors.WORDS);
        float[] values = new float[TAGS.size() * hidden];
        Random random = new Random(0);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * DEVIATION);
        }
        add(RobertaTensors.CLASSIFIER + ".weight", new Table(new long[] {TAGS.size(), hidden}, values));
        add(RobertaTensors.CLASSIFIER + ".bias", new Table(new long[] {TAGS.size()}, new float[TAGS.size()]));
    }

    /** A tensor's name in BERT. */
    private static String named(String roberta) {
        return roberta.substring("roberta.".length());
    }

    private void add(String name, Table table) {
        weights.add(new Entry(name, ElementType.F32, table.shape(), () -> {
            ByteBuffer data = ByteBuffer.allocate(table.values().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            data.asFloatBuffer().put(table.values());
            return data;
        }));
    }
}
