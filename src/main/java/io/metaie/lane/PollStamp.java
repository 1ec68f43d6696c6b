package io.metaie.lane;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Marks each record, on the thread that polls it, with how often its consumer had gone back to the committed offsets by
 * then. Between the poll and the lane a batch may wait in several places that nobody can clear; the mark tells the lane
 * that it was polled before the lane went back last, which the group's generation does not tell: to commit it would be
 * to commit past what was dropped, or to answer twice what is polled again.
 */
public final class PollStamp implements ConsumerInterceptor<byte[], byte[]> {

    /** The consumer's setting that holds the count, an {@link AtomicInteger} changed by the polling thread only. */
    static final String REWINDS = "metaie.lane.rewinds";

    private static final String HEADER = "__metaie_rewinds";

    private AtomicInteger rewinds;

    @Override
    public void configure(Map<String, ?> settings) {
        rewinds = (AtomicInteger) settings.get(REWINDS);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> polled) {
        byte[] stamp = ByteBuffer.allocate(Integer.BYTES).putInt(rewinds.get()).array();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            record.headers().add(HEADER, stamp);
        }
        return polled;
    }

    /** Takes the mark off a record, so that its headers are as they came. */
    static int take(ConsumerRecord<byte[], byte[]> record) {
        Header stamp = record.headers().lastHeader(HEADER);
        record.headers().remove(HEADER);
        return ByteBuffer.wrap(stamp.value()).getInt();
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
