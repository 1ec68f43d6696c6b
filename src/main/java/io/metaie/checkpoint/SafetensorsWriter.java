package io.metaie.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.checkpoint.StoredTensor.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes the safetensors format.
 *
 * @see Safetensors
 */
public final class SafetensorsWriter {

    /** The data begins on a multiple of this, so that readers can map it. */
    private static final int ALIGNMENT = 8;

    private static final ObjectMapper JSON = new ObjectMapper();

    private SafetensorsWriter() {}

    /**
     * A tensor to be written.
     *
     * @param data gives its elements, little-endian, row by row, when their turn comes
     */
    public record Entry(String name, ElementType type, long[] shape, Supplier<ByteBuffer> data) {

        /** A tensor that is stored already. */
        public static Entry of(StoredTensor tensor) {
            return new Entry(tensor.name(), tensor.type(), tensor.shape(), tensor::data);
        }

        /** The tensor as it is now. */
        public StoredTensor copy() {
            return new StoredTensor(name, type, shape, data.get());
        }

        /** The size of its data. */
        public long bytes() {
            return Arrays.stream(shape).reduce(type.bytes(), Math::multiplyExact);
        }
    }

    /**
     * Writes a file, whole or not at all: it takes the place of an older one only when it is complete.
     *
     * @param metadata what the header says beside the tensors
     */
    public static void write(Path file, Map<String, String> metadata, List<Entry> tensors) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, metadata, tensors);
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The same as bytes. */
    public static byte[] bytes(Map<String, String> metadata, List<Entry> tensors) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(Channels.newChannel(bytes), metadata, tensors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(WritableByteChannel channel, Map<String, String> metadata, List<Entry> tensors)
            throws IOException {
        byte[] header = header(metadata, tensors);
        channel.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).flip());
        channel.write(ByteBuffer.wrap(header));
        for (Entry tensor : tensors) {
            ByteBuffer data = tensor.data().get().duplicate();
            if (data.remaining() != tensor.bytes()) {
                throw new IllegalArgumentException("tensor " + tensor.name() + " has " + data.remaining() + " bytes, not "
                        + tensor.bytes());
            }
            while (data.hasRemaining()) {
                channel.write(data);
            }
        }
    }

    private static byte[] header(Map<String, String> metadata, List<Entry> tensors) throws JsonProcessingException {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = header.putObject("__metadata__");
            metadata.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> node.put(e.getKey(), e.getValue()));
        }
        long offset = 0;
        for (Entry tensor : tensors) {
            ObjectNode node = header.putObject(tensor.name());
            node.put("dtype", tensor.type().name());
            Arrays.stream(tensor.shape()).forEach(node.putArray("shape")::add);
            node.putArray("data_offsets").add(offset).add(offset + tensor.bytes());
            offset += tensor.bytes();
        }
        byte[] json = JSON.writeValueAsBytes(header);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] aligned = Arrays.copyOf(json, padded);
        Arrays.fill(aligned, json.length, padded, (byte) ' ');
        return aligned;
    }
}
