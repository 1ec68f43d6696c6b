package io.metaie.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A safetensors file that holds what is not a checkpoint: the state of a training, say. */
public final class StateFile {

    private final Path file;
    private final Map<String, StoredTensor> tensors;
    private final Map<String, String> metadata;

    private StateFile(Path file, Map<String, StoredTensor> tensors, Map<String, String> metadata) {
        this.file = file;
        this.tensors = tensors;
        this.metadata = metadata;
    }

    /**
     * Opens a file; its data stays in it, mapped.
     *
     * @throws CheckpointException when it is not whole
     */
    public static StateFile open(Path file) throws IOException, CheckpointException {
        Map<String, StoredTensor> tensors = Safetensors.read(file);
        Map<String, String> metadata = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            int length = Math.toIntExact(Long.reverseBytes(in.readLong()));
            JsonNode header = new ObjectMapper().readTree(in.readNBytes(length));
            header.path("__metadata__").fields().forEachRemaining(field ->
                    metadata.put(field.getKey(), field.getValue().asText()));
        }
        return new StateFile(file, tensors, metadata);
    }

    /** What the header says beside the tensors. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** A tensor by its name. */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(file + " has no tensor " + name);
        }
        return tensor;
    }
}
