package io.metaie.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes a record of a line: a JSON object is a document and goes as {@code application/json}, its {@code id} as the key;
 * any other line is a text and goes as {@code text/plain}. A task and labels are for documents that bring none of their
 * own; a text that is given them becomes a JSON document.
 */
final class DocumentLine {

    /** Whether a line is JSON is asked here; whether its nesting is sane is for the service to say. */
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE).maxNumberLength(Integer.MAX_VALUE).build())
            .build());
    private static final ObjectReader READER = JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String CONTENT_TYPE = "content-type";

    private final String topic;
    private final Optional<String> task;
    private final Optional<ArrayNode> labels;

    /**
     * @param task for documents that name none
     * @param labels for documents that bring none
     */
    DocumentLine(String topic, Optional<String> task, Optional<ArrayNode> labels) {
        this.topic = topic;
        this.task = task;
        this.labels = labels;
    }

    /** Labels as an option gives them, a JSON array or names between commas, as a document gives them. */
    static ArrayNode labels(String option) {
        try {
            if (option.strip().startsWith("[")) {
                return (ArrayNode) READER.readTree(option);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON array: " + option, e);
        }
        ArrayNode names = JSON.createArrayNode();
        Stream.of(option.split(",")).map(String::strip).filter(name -> !name.isEmpty()).forEach(names::add);
        return names;
    }

    /** The record of a line. */
    ProducerRecord<byte[], byte[]> record(byte[] line) {
        Optional<JsonNode> document = object(line);
        if (document.isPresent()) {
            return record(key(document.get()), completed(line, document.get()), "application/json");
        }
        if (task.isPresent() || labels.isPresent()) {
            Optional<String> text = utf8(line);
            if (text.isPresent()) {
                ObjectNode wrapped = JSON.createObjectNode().put("text", text.get());
                return record(null, completed(bytes(wrapped), wrapped), "application/json");
            }
        }
        return record(null, line, "text/plain");
    }

    /** Whether a line holds nothing but white space: no document at all. */
    static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\f') {
                return false;
            }
        }
        return true;
    }

    private ProducerRecord<byte[], byte[]> record(byte[] key, byte[] value, String contentType) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
        record.headers().add(CONTENT_TYPE, contentType.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private static Optional<JsonNode> object(byte[] line) {
        int first = 0;
        while (first < line.length && (line[first] == ' ' || line[first] == '\t')) {
            first++;
        }
        if (first == line.length || line[first] != '{') {
            return Optional.empty();
        }
        try {
            return Optional.of(READER.readTree(line)).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] key(JsonNode document) {
        JsonNode id = document.path("id");
        boolean usable = id.isTextual() || id.isNumber();
        return usable ? id.asText().getBytes(StandardCharsets.UTF_8) : null;
    }

    /** The same bytes with the fields put in that are missing: everything else, such as numbers, stays as written. */
    private byte[] completed(byte[] object, JsonNode document) {
        ObjectNode missing = JSON.createObjectNode();
        if (!document.has("task")) {
            task.ifPresent(name -> missing.put("task", name));
        }
        if (!document.has("labels")) {
            labels.ifPresent(given -> missing.set("labels", given));
        }
        if (missing.isEmpty()) {
            return object;
        }
        byte[] fields = bytes(missing);
        int open = new String(object, StandardCharsets.ISO_8859_1).indexOf('{') + 1;
        ByteBuffer whole = ByteBuffer.allocate(object.length + fields.length);
        whole.put(object, 0, open).put(fields, 1, fields.length - 2);
        if (!document.isEmpty()) {
            whole.put((byte) ',');
        }
        whole.put(object, open, object.length - open);
        return java.util.Arrays.copyOf(whole.array(), whole.position());
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<String> utf8(byte[] line) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
