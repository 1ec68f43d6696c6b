package io.metaie.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.cli.Terminal.Style;
import io.metaie.kafka.DeadLetters;
import io.metaie.text.Excerpt;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Prints dead letters, for people or for programs. */
final class DeadLetterPrinter {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int SHOWN_VALUE = 160;

    private DeadLetterPrinter() {}

    /**
     * A JSON object a line: where the letter stands, its key, its headers by name (an array where a name occurs more
     * than once) and its value. Bytes that are not UTF-8 are written in base64; of key and value a field
     * {@code keyEncoding} or {@code valueEncoding} then says so.
     */
    static RecordPrinter json() {
        return (record, out) -> {
            ObjectNode letter = JSON.createObjectNode()
                    .put("topic", record.topic())
                    .put("partition", record.partition())
                    .put("offset", record.offset());
            put(letter, "key", record.key());
            ObjectNode headers = letter.putObject("headers");
            record.headers().forEach(header -> add(headers, header.key(), text(header.value())));
            put(letter, "value", record.value());
            out.println(JSON.writeValueAsString(letter));
        };
    }

    /** A line for the cause, one for the beginning of the value. */
    static RecordPrinter text(Terminal terminal) {
        return (record, out) -> {
            String from = header(record, DeadLetters.TOPIC) + "-" + header(record, DeadLetters.PARTITION) + "@"
                    + header(record, DeadLetters.OFFSET);
            String key = record.key() == null ? "" : "  key " + Terminal.printable(text(record.key()));
            out.println(terminal.styled(header(record, DeadLetters.REASON), Style.BOLD, Style.RED) + "  "
                    + header(record, DeadLetters.CAUSE) + terminal.styled("  " + from + key, Style.DIM));
            out.println("  " + terminal.styled(shortened(value(record)), Style.DIM));
        };
    }

    private static String value(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            String omitted = header(record, DeadLetters.VALUE_OMITTED);
            return omitted.isEmpty() ? "(null)" : "(" + omitted + " bytes, too many for the topic)";
        }
        return record.value().length == 0 ? "(empty)" : Terminal.printable(text(record.value()));
    }

    private static String shortened(String value) {
        return Excerpt.of(value, SHOWN_VALUE, SHOWN_VALUE);
    }

    /** The newest header of a name; empty when there is none. */
    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : Terminal.printable(text(header.value()));
    }

    private static void put(ObjectNode letter, String field, byte[] bytes) {
        letter.put(field, text(bytes));
        if (bytes != null && utf8(bytes).isEmpty()) {
            letter.put(field + "Encoding", "base64");
        }
    }

    private static void add(ObjectNode headers, String name, String value) {
        if (!headers.has(name)) {
            headers.put(name, value);
        } else if (headers.get(name) instanceof ArrayNode values) {
            values.add(value);
        } else {
            ArrayNode values = JSON.createArrayNode().add(headers.get(name)).add(value);
            headers.set(name, values);
        }
    }

    /** UTF-8 as it is, other bytes in base64, and null for null. */
    private static String text(byte[] bytes) {
        return bytes == null ? null : utf8(bytes).orElseGet(() -> Base64.getEncoder().encodeToString(bytes));
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
