package io.metaie.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.kafka.DeadLetters;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A dead letter for people: {@code {"topic","partition","offset","time","reason","cause","source":{"topic","partition",
 * "offset"},"key","value","bytes","shortened"}}. Of the value only the beginning is shown, in base64 unless it is UTF-8
 * ({@code valueEncoding} then says so).
 */
final class DeadLetterJson {

    static final int SHOWN_BYTES = 2_000;

    private static final JsonMapper JSON = new JsonMapper();

    private DeadLetterJson() {}

    static ObjectNode of(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode letter = JSON.createObjectNode()
                .put("topic", record.topic())
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("time", Instant.ofEpochMilli(Math.max(0, record.timestamp())).toString())
                .put("reason", FeedRecords.header(record, DeadLetters.REASON).orElse(""))
                .put("cause", FeedRecords.header(record, DeadLetters.CAUSE).orElse(""));
        letter.putObject("source")
                .put("topic", FeedRecords.header(record, DeadLetters.TOPIC).orElse(""))
                .put("partition", FeedRecords.header(record, DeadLetters.PARTITION).orElse(""))
                .put("offset", FeedRecords.header(record, DeadLetters.OFFSET).orElse(""));
        put(letter, "key", record.key());
        put(letter, "value", record.value());
        Optional<String> omitted = FeedRecords.header(record, DeadLetters.VALUE_OMITTED);
        int bytes = record.value() == null ? 0 : record.value().length;
        letter.put("bytes", omitted.orElseGet(() -> String.valueOf(bytes)));
        letter.put("shortened", omitted.isPresent() || bytes > SHOWN_BYTES);
        return letter;
    }

    private static void put(ObjectNode letter, String field, byte[] bytes) {
        if (bytes == null) {
            letter.putNull(field);
            return;
        }
        Optional<String> text = utf8(bytes);
        if (text.isPresent()) {
            letter.put(field, text.get());
        } else {
            byte[] head = java.util.Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN_BYTES));
            letter.put(field, Base64.getEncoder().encodeToString(head)).put(field + "Encoding", "base64");
        }
    }

    /** The beginning of what is UTF-8 as a whole; a character that the cut parts is left out. */
    private static Optional<String> utf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
        int end = Math.min(bytes.length, SHOWN_BYTES);
        while (end < bytes.length && end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Optional.of(new String(bytes, 0, end, UTF_8));
    }
}
