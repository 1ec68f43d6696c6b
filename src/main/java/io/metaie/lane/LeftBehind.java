package io.metaie.lane;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The first record of each partition that a lane has dropped without an answer. A batch that begins behind it was polled
 * before the lane went back, on its way when the queue was cleared: the group's generation does not tell, and committing
 * it would commit past what was dropped. Used by the lane's thread.
 */
final class LeftBehind {

    private final LaneSource source;
    private final Map<TopicPartition, Long> dropped = new HashMap<>();
    /** Where batches began that were taken for such; what is polled there again is what comes next indeed. */
    private final Map<TopicPartition, Long> refused = new HashMap<>();

    LeftBehind(LaneSource source) {
        this.source = source;
    }

    /** Records of a batch, in order, that will have to be read again. */
    void drop(List<ConsumerRecord<byte[], byte[]>> records) {
        firsts(records).forEach((partition, offset) -> dropped.merge(partition, offset, Math::min));
    }

    /** Whether the batch skips what was dropped and is still to be answered. */
    boolean isSkippedBy(Batch batch) {
        for (Map.Entry<TopicPartition, Long> first : firsts(batch.records()).entrySet()) {
            TopicPartition partition = first.getKey();
            Long open = dropped.get(partition);
            // Another instance may have answered it meanwhile; or it is no longer in the log.
            if (open != null && first.getValue() > open && source.committed(partition) <= open
                    && !first.getValue().equals(refused.put(partition, first.getValue()))) {
                return true;
            }
        }
        firsts(batch.records()).keySet().forEach(partition -> {
            dropped.remove(partition);
            refused.remove(partition);
        });
        return false;
    }

    private static Map<TopicPartition, Long> firsts(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, Long> firsts = new HashMap<>();
        records.forEach(record ->
                firsts.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.offset()));
        return firsts;
    }
}
