package io.metaie.lane;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of one poll, in order within each partition.
 *
 * @param generation of the consumer group, at the poll: offsets may be committed under this one only
 * @param rewinds how often the consumer had gone back to the committed offsets, at the poll
 */
record Batch(List<ConsumerRecord<byte[], byte[]>> records, int generation, int rewinds) {

    Batch {
        records = List.copyOf(records);
    }
}
