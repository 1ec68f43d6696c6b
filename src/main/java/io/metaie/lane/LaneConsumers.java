package io.metaie.lane;

import io.metaie.config.MetaieConfig;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.Config;

/**
 * What the lanes' consumers have of their own, although they are copies of one channel: each its name in the group, so
 * that it takes its partitions back at once after a restart, and its lane, which is told what it owns.
 */
@ApplicationScoped
@Identifier("lanes")
class LaneConsumers implements ClientCustomizer<Map<String, Object>>, KafkaConsumerRebalanceListener {

    private final MetaieConfig config;
    private final Rewinds rewinds;
    private final Lanes lanes;

    LaneConsumers(MetaieConfig config, Rewinds rewinds, Lanes lanes) {
        this.config = config;
        this.rewinds = rewinds;
        this.lanes = lanes;
    }

    @Override
    public Map<String, Object> customize(String channel, Config channelConfig, Map<String, Object> consumer) {
        Optional<LaneKind> kind = LaneChannels.kind(channel);
        if (kind.isEmpty()) {
            return consumer;
        }
        Map<String, Object> own = new HashMap<>(consumer);
        // One that is inherited would be the same for all copies, and they would fence one another.
        own.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, kind.get().id(config, LaneChannels.number(channel)));
        own.merge(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, PollStamp.class.getName(), (others, stamp) -> others + "," + stamp);
        own.put(PollStamp.REWINDS, rewinds.of(channel));
        return own;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        owns(consumer, consumer.assignment());
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
        Set<TopicPartition> left = new HashSet<>(consumer.assignment());
        left.removeAll(revoked);
        owns(consumer, left);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> lost) {
        onPartitionsRevoked(consumer, lost);
    }

    private void owns(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
        String id = consumer.groupMetadata().groupInstanceId().orElseThrow();
        lanes.all()
                .filter(lane -> lane.id().equals(id))
                .forEach(lane -> lane.status().owns(partitions));
    }
}
