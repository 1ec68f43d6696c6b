package io.metaie.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records that cannot be answered, one of each kind, and the reason each is to be refused for. */
public record Poison(String reason, byte[] value, String contentType) {

    /** Every kind. */
    public static List<Poison> kinds() {
        return List.of(
                new Poison("empty-record", null, null),
                new Poison("empty-record", new byte[0], null),
                new Poison("invalid-utf8", new byte[] {'A', (byte) 0xc3, 0x28}, null),
                json("invalid-json", "{\"text\":"),
                json("invalid-json", "[1]"),
                json("invalid-json", "{\"text\":\"x\",\"id\":{}}"),
                json("invalid-json", "{\"text\":\"\\ud83d\"}"),
                json("invalid-json", "{\"text\":".repeat(5_000)),
                json("missing-text", "{\"labels\":[\"Person\"]}"),
                json("missing-text", "{\"text\":null,\"labels\":[\"Person\"]}"),
                json("missing-text", "{\"text\":7,\"labels\":[\"Person\"]}"),
                json("invalid-labels", "{\"text\":\"x\",\"labels\":[\"\"]}"),
                json("invalid-labels", "{\"text\":\"x\",\"labels\":[null]}"),
                json("invalid-labels", "{\"text\":\"x\",\"labels\":\"Person\"}"),
                json("invalid-labels", "{\"text\":\"x\",\"labels\":[{\"name\":\"a\",\"of\":\"a\"}]}"),
                json("unknown-task", "{\"text\":\"x\",\"task\":\"nobody defined this\"}"),
                json("too-large", "{\"labels\":[\"Person\"],\"text\":\"" + "x".repeat(1_100_000) + "\"}"));
    }

    public ProducerRecord<byte[], byte[]> record(String key) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(ExactlyOnce.DOCUMENTS, key.getBytes(UTF_8), value);
        if (contentType != null) {
            record.headers().add("content-type", contentType.getBytes(UTF_8));
        }
        return record;
    }

    private static Poison json(String reason, String value) {
        return new Poison(reason, value.getBytes(UTF_8), "application/json");
    }
}
