package io.metaie.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The headers that make a record a CloudEvent in binary mode.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 *     protocol binding for CloudEvents</a>
 */
public final class CloudEvents {

    private static final Header SPEC_VERSION = header("ce_specversion", "1.0");
    private static final Header JSON = header("content-type", "application/json");

    private CloudEvents() {}

    /**
     * Headers of an event whose value is JSON.
     *
     * @param id unique within the source; the same whenever the same event is made again
     * @param type what happened
     * @param source where, as a URI reference
     * @param time when
     */
    public static List<Header> json(String id, String type, String source, Instant time) {
        return List.of(
                SPEC_VERSION,
                header("ce_id", id),
                header("ce_type", type),
                header("ce_source", source),
                header("ce_time", time.toString()),
                JSON);
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }
}
