package io.metaie.lane;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of one poll, in order within each partition.
 *
 * @param generation of the consumer group, at the poll: offsets may be committed under this one only
 */
record Batch(List<ConsumerRecord<byte[], byte[]>> records, int generation) {

    Batch {
        records = List.copyOf(records);
    }
}
