package io.metaie.control;

import io.metaie.kafka.KafkaClients;
import io.metaie.task.ControlPlace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The commands as they stand on their topic: what a job is to do is read again from here. */
final class CommandLog {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);

    private final KafkaClients clients;
    private final String topic;

    CommandLog(KafkaClients clients, String topic) {
        this.clients = clients;
        this.topic = topic;
    }

    /** The value of a command; empty when it is no longer there. Waits as long as the brokers are away. */
    Optional<byte[]> read(ControlPlace place) {
        TopicPartition partition = new TopicPartition(topic, place.partition());
        try (Consumer<byte[], byte[]> consumer = clients.consumer("metaie-command-log", CONSUMER)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, place.offset());
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    return record.offset() == place.offset() ? Optional.ofNullable(record.value()) : Optional.empty();
                }
                if (consumer.position(partition) != place.offset()) {
                    return Optional.empty();
                }
            }
        }
    }
}
