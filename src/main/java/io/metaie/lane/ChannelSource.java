package io.metaie.lane;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The consumer behind a channel of SmallRye Reactive Messaging, whose own thread polls and does what is asked here. */
final class ChannelSource implements LaneSource {

    private final KafkaClientService consumers;
    private final String channel;

    ChannelSource(KafkaClientService consumers, String channel) {
        this.consumers = consumers;
        this.channel = channel;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return consumers.getConsumer(channel);
    }

    // Kept up to date by the connector at every rebalance, so this does not wait for the polling thread.
    @Override
    public ConsumerGroupMetadata group() {
        return consumer().consumerGroupMetadata().await().indefinitely();
    }

    // Waits as long as the consumer's own timeouts let it: a second reset beside one still at work would gain nothing.
    @Override
    public void reset() {
        consumer().resetToLastCommittedPositions().await().indefinitely();
    }

    @Override
    public long committed(TopicPartition partition) {
        OffsetAndMetadata offset = consumer().committed(partition).await().indefinitely().get(partition);
        return offset == null ? 0 : offset.offset();
    }

    @Override
    public void rejoin() {
        consumer().runOnPollingThread(c -> {
                    c.enforceRebalance("fenced");
                })
                .await()
                .indefinitely();
    }
}
