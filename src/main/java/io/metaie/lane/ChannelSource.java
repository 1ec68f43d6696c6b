package io.metaie.lane;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The consumer behind a channel of SmallRye Reactive Messaging, whose own thread polls and does what is asked here. */
final class ChannelSource implements LaneSource {

    private final KafkaClientService consumers;
    private final String channel;
    private final AtomicInteger rewinds;

    /** @param rewinds what {@link PollStamp} marks this consumer's records with */
    ChannelSource(KafkaClientService consumers, String channel, AtomicInteger rewinds) {
        this.consumers = consumers;
        this.channel = channel;
        this.rewinds = rewinds;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return consumers.getConsumer(channel);
    }

    // Kept up to date by the connector at every rebalance, so this does not wait for the polling thread.
    @Override
    public ConsumerGroupMetadata group() {
        return consumer().consumerGroupMetadata().await().indefinitely();
    }

    // Not resetToLastCommittedPositions(): it clears one queue of several, and when the broker is away half way it leaves
    // the partitions paused. Here nothing is touched before the broker has answered, and no poll can come in between.
    @Override
    public void rewind() {
        consumer().runOnPollingThread(c -> {
                    Set<TopicPartition> assigned = c.assignment();
                    Map<TopicPartition, OffsetAndMetadata> committed = c.committed(assigned);
                    for (TopicPartition partition : assigned) {
                        OffsetAndMetadata offset = committed.get(partition);
                        if (offset == null) {
                            c.seekToBeginning(Set.of(partition));
                        } else {
                            c.seek(partition, offset.offset());
                        }
                    }
                    rewinds.incrementAndGet();
                })
                .await()
                .indefinitely();
    }

    @Override
    public int rewinds() {
        return rewinds.get();
    }

    @Override
    public void rejoin(String why) {
        consumer().runOnPollingThread(c -> {
                    c.enforceRebalance(why);
                })
                .await()
                .indefinitely();
    }
}
