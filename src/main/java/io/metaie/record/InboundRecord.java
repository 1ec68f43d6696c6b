package io.metaie.record;

import java.util.Optional;
import java.util.Set;

/**
 * A record as it arrived, before anything is known of it.
 *
 * @param topic where it came from
 * @param timestamp the record's own, milliseconds since the epoch
 * @param key the record's key, if it has one
 * @param value the record's value, if it is not a tombstone
 * @param contentType the last {@code content-type} header that has a value
 * @param parts the numbers, from 1, of those parts of it that are asked for; none named, and all are
 */
public record InboundRecord(
        String topic,
        int partition,
        long offset,
        long timestamp,
        Optional<byte[]> key,
        Optional<byte[]> value,
        Optional<String> contentType,
        Set<Integer> parts) {

    public InboundRecord {
        parts = Set.copyOf(parts);
    }

    /** A record of which all is asked for. */
    public InboundRecord(String topic, int partition, long offset, long timestamp, Optional<byte[]> key, Optional<byte[]> value,
            Optional<String> contentType) {
        this(topic, partition, offset, timestamp, key, value, contentType, Set.of());
    }

    /** The record's place, unique in the cluster: {@code <topic>-<partition>-<offset>}. */
    public String place() {
        return topic + "-" + partition + "-" + offset;
    }
}
