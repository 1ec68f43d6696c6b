package io.metaie.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.metaie.checkpoint.StoredTensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Reads a file in the safetensors format: the length of the header (8 bytes, little-endian), the header (JSON: name →
 * dtype, shape, data_offsets), the data. The data is mapped, not read, so the file must not be changed in place while
 * its tensors are in use (replacing it by renaming another one is fine).
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format</a>
 */
final class Safetensors {

    /** The reference implementation reads no longer header. */
    private static final long LONGEST_HEADER = 100_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Safetensors() {}

    /**
     * Maps the tensors of a file. Those of a type that cannot be run (the position ids of old checkpoints, say) are
     * left out.
     *
     * @throws CheckpointException when the file is truncated or is not in the format
     */
    static Map<String, StoredTensor> read(Path file) throws IOException, CheckpointException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long length = size < 8 ? -1 : bytes(channel, 0, 8).getLong();
            if (length < 2 || length > LONGEST_HEADER || length > size - 8) {
                throw damaged(file, "it does not begin with a header of the length it states");
            }
            JsonNode header = parse(file, bytes(channel, 8, (int) length));
            long start = 8 + length;
            Map<String, StoredTensor> tensors = new HashMap<>();
            for (Iterator<Map.Entry<String, JsonNode>> i = header.fields(); i.hasNext(); ) {
                Map.Entry<String, JsonNode> field = i.next();
                if (!field.getKey().equals("__metadata__")) {
                    StoredTensor tensor = tensor(file, channel, start, field.getKey(), field.getValue());
                    if (tensor != null) {
                        tensors.put(tensor.name(), tensor);
                    }
                }
            }
            return tensors;
        }
    }

    /** Maps one tensor, or gives null for one of a type that is not run. */
    private static StoredTensor tensor(Path file, FileChannel channel, long start, String name, JsonNode json)
            throws IOException, CheckpointException {
        JsonNode dimensions = json.path("shape");
        JsonNode offsets = json.path("data_offsets");
        long begin = offsets.path(0).asLong(-1);
        long end = offsets.path(1).asLong(-1);
        if (!dimensions.isArray() || begin < 0 || end < begin) {
            throw damaged(file, "the entry of tensor " + name + " is malformed");
        }
        if (end > channel.size() - start) {
            throw damaged(file, "tensor " + name + " ends behind the end of the file; it is truncated");
        }
        ElementType type = type(json.path("dtype").asText());
        if (type == null) {
            return null;
        }
        long[] shape = new long[dimensions.size()];
        long bytes = type.bytes();
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dimensions.get(i).asLong(-1);
            if (shape[i] < 0 || (shape[i] > 0 && bytes > Long.MAX_VALUE / shape[i])) {
                throw damaged(file, "the shape of tensor " + name + " is malformed");
            }
            bytes *= shape[i];
        }
        if (bytes != end - begin || bytes > Integer.MAX_VALUE) {
            throw damaged(file, "tensor " + name + " has " + (end - begin) + " bytes where its shape "
                    + dimensions + " needs " + bytes);
        }
        ByteBuffer data = channel.map(MapMode.READ_ONLY, start + begin, bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new StoredTensor(name, type, shape, data);
    }

    private static ElementType type(String name) {
        for (ElementType type : ElementType.values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    private static JsonNode parse(Path file, ByteBuffer header) throws IOException, CheckpointException {
        try {
            JsonNode json = JSON.readTree(header.array());
            if (json.isObject()) {
                return json;
            }
            throw damaged(file, "its header is not a JSON object");
        } catch (JsonProcessingException e) {
            throw damaged(file, "its header is not JSON");
        }
    }

    private static ByteBuffer bytes(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
            continue;
        }
        return buffer.flip();
    }

    private static CheckpointException damaged(Path file, String why) {
        return new CheckpointException(
                file + " is not a whole safetensors file: " + why + "; copy or download it again");
    }
}
