package io.metaie.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The tensors of a checkpoint, from one {@code model.safetensors} or from its shards. */
final class Weights {

    static final String FILE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private final List<Path> files;
    private final Map<String, StoredTensor> tensors;

    private Weights(List<Path> files, Map<String, StoredTensor> tensors) {
        this.files = files;
        this.tensors = tensors;
    }

    static Weights open(Path directory) throws IOException, CheckpointException {
        List<Path> files = files(directory);
        Map<String, StoredTensor> tensors = new HashMap<>();
        for (Path file : files) {
            tensors.putAll(Safetensors.read(file));
        }
        return new Weights(files, tensors);
    }

    private static List<Path> files(Path directory) throws IOException, CheckpointException {
        Path single = directory.resolve(FILE);
        if (Files.isRegularFile(single)) {
            return List.of(single);
        }
        Path index = directory.resolve(INDEX);
        if (Files.isRegularFile(index)) {
            return shards(directory, new ObjectMapper().readTree(index.toFile()).path("weight_map"));
        }
        if (Files.exists(directory.resolve("pytorch_model.bin"))
                || Files.exists(directory.resolve("pytorch_model.bin.index.json"))) {
            throw new CheckpointException("its weights are a pickle (pytorch_model.bin), which could run any code when"
                    + " it is loaded; save them as " + FILE
                    + " (in Python: RobertaForTokenClassification.from_pretrained(DIR).save_pretrained(DIR))");
        }
        throw new CheckpointException("there is no " + FILE + "; copy the checkpoint whole");
    }

    private static List<Path> shards(Path directory, JsonNode map) throws CheckpointException {
        TreeSet<String> names = new TreeSet<>();
        map.forEach(name -> names.add(name.asText()));
        if (names.isEmpty()) {
            throw new CheckpointException(INDEX + " has no weight_map; copy the checkpoint again");
        }
        for (String name : names) {
            if (!Path.of(name).equals(Path.of(name).getFileName()) || !Files.isRegularFile(directory.resolve(name))) {
                throw new CheckpointException("the shard " + name + " that " + INDEX
                        + " names is missing; copy the checkpoint whole");
            }
        }
        return names.stream().map(directory::resolve).toList();
    }

    /** Whether there is a tensor of that name. */
    boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** A tensor that must be there, in this shape. */
    StoredTensor get(String name, long... shape) throws CheckpointException {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new CheckpointException("tensor " + name + " is missing, or not of type F32, F16 or BF16; the weights"
                    + " are not those of a token classifier that fits config.json");
        }
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new CheckpointException("tensor " + name + " has the shape " + Arrays.toString(tensor.shape())
                    + ", but config.json calls for " + Arrays.toString(shape)
                    + "; config.json and the weights belong to different models");
        }
        return tensor;
    }

    /** The first 12 hexadecimal digits of the SHA-256 of the weights' file; of shards, of their files in a row. */
    String hash() throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 18];
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    digest.update(buffer, 0, n);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 6);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
