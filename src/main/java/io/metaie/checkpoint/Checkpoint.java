package io.metaie.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A Hugging Face directory with a RoBERTa or XLM-RoBERTa token classifier: {@code config.json},
 * {@code model.safetensors} (or its shards) and {@code tokenizer.json}. Opening it checks everything the weights can be
 * checked for; {@link Vocabulary#open} does the same for the tokenizer. The weights stay in their file, mapped.
 */
public final class Checkpoint {

    private final Path directory;
    private final RobertaConfig config;
    private final Map<String, StoredTensor> tensors;
    private final String hash;

    private Checkpoint(Path directory, RobertaConfig config, Map<String, StoredTensor> tensors, String hash) {
        this.directory = directory;
        this.config = config;
        this.tensors = tensors;
        this.hash = hash;
    }

    /**
     * Opens a checkpoint.
     *
     * @throws CheckpointException when it is not one that can be run here
     */
    public static Checkpoint open(Path directory) throws CheckpointException {
        Path absolute = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            throw new CheckpointException("There is no model directory " + absolute
                    + "; name one that has config.json, model.safetensors and tokenizer.json");
        }
        try {
            RobertaConfig config = RobertaConfig.parse(config(absolute));
            if (!Files.isRegularFile(absolute.resolve(TokenizerFile.NAME))) {
                throw new CheckpointException("there is no " + TokenizerFile.NAME
                        + "; save the fast tokenizer (in Python: AutoTokenizer.from_pretrained(DIR, use_fast=True).save_pretrained(DIR))");
            }
            Weights weights = Weights.open(absolute);
            return new Checkpoint(absolute, config, needed(config, weights), weights.hash());
        } catch (CheckpointException e) {
            throw refusal(absolute, e);
        } catch (IOException e) {
            throw new CheckpointException("The model in " + absolute + " cannot be read: " + e, e);
        }
    }

    static CheckpointException refusal(Path directory, CheckpointException cause) {
        return new CheckpointException("The model in " + directory + " cannot be run: " + cause.getMessage(), cause);
    }

    private static JsonNode config(Path directory) throws IOException, CheckpointException {
        Path file = directory.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException("there is no config.json; copy the checkpoint whole");
        }
        try {
            JsonNode json = new ObjectMapper().readTree(file.toFile());
            if (json.isObject()) {
                return json;
            }
            throw new CheckpointException("config.json is not a JSON object; copy it again");
        } catch (JsonProcessingException e) {
            throw new CheckpointException("config.json is not JSON (" + e.getOriginalMessage() + "); copy it again", e);
        }
    }

    private static Map<String, StoredTensor> needed(RobertaConfig config, Weights weights) throws CheckpointException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, long[]> tensor : RobertaTensors.shapes(config).entrySet()) {
            tensors.put(tensor.getKey(), weights.get(tensor.getKey(), tensor.getValue()));
        }
        return tensors;
    }

    /** The directory it was opened from. */
    public Path directory() {
        return directory;
    }

    /** What its {@code config.json} says. */
    public RobertaConfig config() {
        return config;
    }

    /** One of the tensors that {@link RobertaTensors} names. */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("A RoBERTa token classifier has no tensor " + name);
        }
        return tensor;
    }

    /** The first 12 hexadecimal digits of the SHA-256 of its weights' file. */
    public String hash() {
        return hash;
    }

    /** What extractions call it: the directory's name and the weights' hash, {@code metaie-mini@0123456789ab}. */
    public String id() {
        return directory.getFileName() + "@" + hash;
    }
}
