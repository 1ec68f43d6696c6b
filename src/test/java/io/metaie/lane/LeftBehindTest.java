package io.metaie.lane;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LeftBehindTest {

    private long committed = 139;
    private final LeftBehind leftBehind = new LeftBehind(new LaneSource() {
        @Override
        public ConsumerGroupMetadata group() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reset() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long committed(TopicPartition partition) {
            return committed;
        }

        @Override
        public void rejoin() {
            throw new UnsupportedOperationException();
        }
    });

    @Test
    void aBatchPolledBeforeTheLaneWentBackIsRefusedAndTheOneItWentBackToIsNot() {
        leftBehind.drop(records(139, 270));
        assertTrue(leftBehind.isSkippedBy(batch(271, 300)));
        assertTrue(leftBehind.isSkippedBy(batch(301, 310)));
        assertFalse(leftBehind.isSkippedBy(batch(139, 270)));
        assertFalse(leftBehind.isSkippedBy(batch(271, 300)));
    }

    @Test
    void whatAnotherInstanceHasAnsweredIsNoGap() {
        leftBehind.drop(records(139, 270));
        committed = 271;
        assertFalse(leftBehind.isSkippedBy(batch(271, 300)));
    }

    @Test
    void whatIsNoLongerInTheLogIsNotWaitedForForEver() {
        leftBehind.drop(records(139, 270));
        assertTrue(leftBehind.isSkippedBy(batch(500, 510)));
        assertFalse(leftBehind.isSkippedBy(batch(500, 510)));
    }

    @Test
    void afterAWholeBatchAnythingMayCome() {
        leftBehind.drop(List.of());
        assertFalse(leftBehind.isSkippedBy(batch(5, 6)));
    }

    private static Batch batch(long from, long to) {
        return new Batch(records(from, to), 7);
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(offset -> new ConsumerRecord<>("documents", 3, offset, new byte[0], new byte[0]))
                .toList();
    }
}
