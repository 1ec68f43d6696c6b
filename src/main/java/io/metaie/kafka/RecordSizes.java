package io.metaie.kafka;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;

/** How large a record is to the broker that has to take it. */
public final class RecordSizes {

    private RecordSizes() {}

    /**
     * The most bytes a record can take as a batch of its own, uncompressed: what a producer and a broker compare with
     * {@code max.message.bytes}. Checked before sending, because one record too large aborts the whole transaction.
     */
    public static int upperBound(ProducerRecord<byte[], byte[]> record) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                record.key(),
                record.value(),
                record.headers().toArray());
    }
}
