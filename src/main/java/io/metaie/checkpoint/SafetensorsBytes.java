package io.metaie.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.metaie.checkpoint.StoredTensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A small safetensors file in memory, with its metadata. Nothing in it is trusted.
 *
 * @param tensors views of the file's bytes, in its order
 * @see Safetensors
 */
record SafetensorsBytes(Map<String, String> metadata, List<StoredTensor> tensors) {

    private static final String METADATA = "__metadata__";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws AdapterException when the bytes are not in the format */
    static SafetensorsBytes read(byte[] bytes) throws AdapterException {
        ByteBuffer file = ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long length = bytes.length < Long.BYTES ? -1 : file.getLong(0);
        if (length < 2 || length > bytes.length - Long.BYTES) {
            throw damaged("it does not begin with a header of the length it states");
        }
        JsonNode header = header(bytes, (int) length);
        ByteBuffer data = file.slice(Long.BYTES + (int) length, bytes.length - Long.BYTES - (int) length);
        Map<String, String> metadata = new LinkedHashMap<>();
        header.path(METADATA).fields().forEachRemaining(field -> metadata.put(field.getKey(), field.getValue().asText()));
        List<StoredTensor> tensors = new ArrayList<>();
        for (Iterator<Map.Entry<String, JsonNode>> i = header.fields(); i.hasNext(); ) {
            Map.Entry<String, JsonNode> field = i.next();
            if (!field.getKey().equals(METADATA)) {
                tensors.add(tensor(field.getKey(), field.getValue(), data));
            }
        }
        return new SafetensorsBytes(metadata, tensors);
    }

    private static JsonNode header(byte[] bytes, int length) throws AdapterException {
        try {
            JsonNode header = JSON.readTree(bytes, Long.BYTES, length);
            if (header.isObject()) {
                return header;
            }
        } catch (IOException e) {
            // No header either.
        }
        throw damaged("its header is not a JSON object");
    }

    private static StoredTensor tensor(String name, JsonNode json, ByteBuffer data) throws AdapterException {
        ElementType type = Stream.of(ElementType.values())
                .filter(each -> each.name().equals(json.path("dtype").asText()))
                .findFirst()
                .orElseThrow(() -> damaged("tensor " + name + " is of a type that is not read"));
        long begin = json.path("data_offsets").path(0).asLong(-1);
        long end = json.path("data_offsets").path(1).asLong(-1);
        if (begin < 0 || end < begin || end > data.capacity()) {
            throw damaged("tensor " + name + " does not lie in the file");
        }
        long[] shape = new long[json.path("shape").size()];
        long bytes = type.bytes();
        for (int i = 0; i < shape.length; i++) {
            shape[i] = json.path("shape").path(i).asLong(-1);
            if (shape[i] < 1 || shape[i] > data.capacity()) {
                throw damaged("the shape of tensor " + name + " is malformed");
            }
            bytes = Math.min(bytes * shape[i], Integer.MAX_VALUE);
        }
        if (bytes != end - begin) {
            throw damaged("tensor " + name + " has " + (end - begin) + " bytes, not those of its shape");
        }
        return new StoredTensor(name, type, shape,
                data.slice((int) begin, (int) bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static AdapterException damaged(String why) {
        return new AdapterException("not a whole safetensors file: " + why);
    }
}
