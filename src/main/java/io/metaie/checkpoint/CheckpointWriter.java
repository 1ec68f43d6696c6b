package io.metaie.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.checkpoint.SafetensorsWriter.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** Writes checkpoint directories as Hugging Face transformers do. */
public final class CheckpointWriter {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** What transformers want to find in a header. */
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private CheckpointWriter() {}

    /**
     * Writes a checkpoint that differs from another one in its weights alone.
     *
     * @param like the directory of the other one
     * @param weights all of a token classifier, in one type
     */
    public static void write(Path directory, Path like, List<Entry> weights) throws IOException {
        ObjectNode config = (ObjectNode) JSON.readTree(like.resolve("config.json").toFile());
        write(directory, config, Files.readAllBytes(like.resolve(TokenizerFile.NAME)), weights);
    }

    /**
     * Writes a checkpoint.
     *
     * @param config its {@code config.json}; the type of the weights is put into it
     * @param tokenizer its {@code tokenizer.json}
     */
    public static void write(Path directory, ObjectNode config, byte[] tokenizer, List<Entry> weights) throws IOException {
        Files.createDirectories(directory);
        config.remove("torch_dtype");
        config.put("dtype", switch (weights.get(0).type()) {
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
        });
        replace(directory.resolve(TokenizerFile.NAME), tokenizer);
        replace(directory.resolve("config.json"), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
        SafetensorsWriter.write(directory.resolve(Weights.FILE), METADATA, weights);
    }

    /** Writes a file whole or not at all. */
    private static void replace(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
