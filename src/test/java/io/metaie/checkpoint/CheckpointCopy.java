package io.metaie.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/** A copy of a small checkpoint, to be spoiled. */
public final class CheckpointCopy {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    private CheckpointCopy(Path directory) {
        this.directory = directory;
    }

    public static CheckpointCopy of(String name, Path directory) throws IOException {
        for (String file : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
            Files.copy(Path.of("src/test/resources/checkpoints", name, file), directory.resolve(file));
        }
        return new CheckpointCopy(directory);
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    public void change(String file, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(file(file).toFile());
        change.accept(json);
        JSON.writeValue(file(file).toFile(), json);
    }

    public Map<String, StoredTensor> tensors() throws IOException, CheckpointException {
        return Safetensors.read(file("model.safetensors"));
    }

    public void rewrite(Collection<StoredTensor> tensors, int padding) throws IOException {
        write(file("rewritten"), tensors, padding);
        Files.move(file("rewritten"), file("model.safetensors"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives a table one row more, a copy of its last. */
    public void repeatLastRow(String table) throws IOException, CheckpointException {
        Map<String, StoredTensor> tensors = tensors();
        StoredTensor tensor = tensors.get(table);
        ByteBuffer data = tensor.data();
        int row = (int) (data.capacity() / tensor.shape()[0]);
        ByteBuffer longer = ByteBuffer.allocate(data.capacity() + row)
                .put(data.duplicate())
                .put(data.slice(data.capacity() - row, row));
        tensors.put(table, new StoredTensor(
                table, tensor.type(), new long[] {tensor.shape()[0] + 1, tensor.shape()[1]}, longer.flip()));
        rewrite(tensors.values(), 0);
    }

    /** Writes a safetensors file; {@code padding} blanks behind its header move the data off its usual alignment. */
    public static void write(Path file, Collection<StoredTensor> tensors, int padding) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        long offset = 0;
        for (StoredTensor tensor : tensors) {
            ObjectNode entry = header.putObject(tensor.name()).put("dtype", tensor.type().name());
            for (long dimension : tensor.shape()) {
                entry.withArray("shape").add(dimension);
            }
            entry.withArray("shape");
            entry.withArray("data_offsets").add(offset).add(offset + tensor.data().capacity());
            offset += tensor.data().capacity();
        }
        byte[] text = (header + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).flip());
            channel.write(ByteBuffer.wrap(text));
            for (StoredTensor tensor : tensors) {
                channel.write(tensor.data().duplicate().rewind());
            }
        }
    }
}
