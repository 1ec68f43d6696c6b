package io.metaie.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.checkpoint.StoredTensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * An encoder to train from: a Hugging Face directory of a roberta or xlm-roberta model, whatever it was trained for. A
 * classifier of the tags B, I and O is kept; where there is none, it begins with small random numbers.
 */
public final class Backbone {

    private static final List<String> TAGS = List.of("B", "I", "O");
    private static final String PREFIX = "roberta.";
    /** How classifiers begin in RoBERTa's own fine-tuning. */
    private static final double DEVIATION = 0.02;

    private final Path directory;
    private final ObjectNode json;
    private final RobertaConfig config;
    private final Map<String, StoredTensor> tensors;
    private final String hash;

    private Backbone(Path directory, ObjectNode json, RobertaConfig config, Map<String, StoredTensor> tensors,
            String hash) {
        this.directory = directory;
        this.json = json;
        this.config = config;
        this.tensors = tensors;
        this.hash = hash;
    }

    /**
     * Opens a directory.
     *
     * @throws CheckpointException when it holds no encoder that can be trained here
     */
    public static Backbone open(Path directory) throws CheckpointException {
        if (!Files.isDirectory(directory)) {
            throw new CheckpointException("There is no directory " + directory + " with an encoder to train from");
        }
        try {
            JsonNode read = new ObjectMapper().readTree(directory.resolve("config.json").toFile());
            if (!(read instanceof ObjectNode json)) {
                throw new CheckpointException("config.json is not a JSON object");
            }
            if (!Files.isRegularFile(directory.resolve(TokenizerFile.NAME))) {
                throw new CheckpointException("there is no " + TokenizerFile.NAME);
            }
            boolean tagger = isTagger(json);
            asTagger(json, tagger);
            RobertaConfig config = RobertaConfig.parse(json);
            Weights weights = Weights.open(directory);
            return new Backbone(directory, json, config, tensors(config, weights, tagger), weights.hash());
        } catch (CheckpointException e) {
            throw new CheckpointException("The encoder in " + directory + " cannot be trained: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException("The encoder in " + directory + " cannot be read: " + e, e);
        }
    }

    /** Whether it has a classifier of these three tags already, in some order. */
    private static boolean isTagger(ObjectNode json) {
        JsonNode labels = json.path("id2label");
        return json.path("architectures").path(0).asText().endsWith("ForTokenClassification")
                && labels.size() == TAGS.size()
                && TAGS.stream().allMatch(tag -> hasLabel(labels, tag));
    }

    private static boolean hasLabel(JsonNode labels, String tag) {
        for (JsonNode label : labels) {
            if (label.asText().equals(tag)) {
                return true;
            }
        }
        return false;
    }

    private static void asTagger(ObjectNode json, boolean tagger) {
        if (tagger) {
            return;
        }
        String type = json.path("model_type").asText();
        json.putArray("architectures").add((type.equals("xlm-roberta") ? "XLMRoberta" : "Roberta") + "ForTokenClassification");
        ObjectNode names = json.putObject("id2label");
        ObjectNode ids = json.putObject("label2id");
        for (String tag : TAGS) {
            names.put(String.valueOf(TAGS.indexOf(tag)), tag);
            ids.put(tag, TAGS.indexOf(tag));
        }
    }

    private static Map<String, StoredTensor> tensors(RobertaConfig config, Weights weights, boolean tagger)
            throws CheckpointException {
        Map<String, StoredTensor> tensors = new HashMap<>();
        for (Map.Entry<String, long[]> shape : RobertaTensors.shapes(config).entrySet()) {
            String name = shape.getKey();
            if (name.startsWith(RobertaTensors.CLASSIFIER) && !tagger) {
                tensors.put(name, random(name, shape.getValue()));
            } else {
                // An encoder saved without a head has no prefix.
                boolean bare = name.startsWith(PREFIX) && !weights.has(name);
                tensors.put(name, weights.get(bare ? name.substring(PREFIX.length()) : name, shape.getValue()));
            }
        }
        return tensors;
    }

    private static StoredTensor random(String name, long[] shape) {
        boolean bias = shape.length == 1;
        int count = (int) (bias ? shape[0] : shape[0] * shape[1]);
        ByteBuffer data = ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(0);
        for (int i = 0; i < count; i++) {
            data.putFloat(bias ? 0 : (float) (random.nextGaussian() * DEVIATION));
        }
        return new StoredTensor(name, ElementType.F32, shape, data.flip());
    }

    /** Its configuration as a token classifier. */
    public RobertaConfig config() {
        return config;
    }

    /** The same as {@code config.json} says it. */
    public ObjectNode json() {
        return json.deepCopy();
    }

    /** Its {@code tokenizer.json}. */
    public byte[] tokenizer() throws IOException {
        return Files.readAllBytes(directory.resolve(TokenizerFile.NAME));
    }

    /** One of the tensors that {@link RobertaTensors} names. */
    public StoredTensor tensor(String name) {
        return tensors.get(name);
    }

    /** The first 12 hexadecimal digits of the SHA-256 of its weights' file. */
    public String hash() {
        return hash;
    }

    /**
     * Loads its tokenizer.
     *
     * @throws CheckpointException when it does not fit
     */
    public Vocabulary vocabulary() throws CheckpointException {
        return Vocabulary.open(directory, config);
    }
}
