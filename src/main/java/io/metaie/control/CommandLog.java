package io.metaie.control;

import io.metaie.control.ControlSession.ControlTopic;
import io.metaie.kafka.KafkaClients;
import io.metaie.task.ControlPlace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The commands as they stand on their topic: what a job is to do is read again from here. */
final class CommandLog {

    /** Why a command comes to nothing that cannot be read again. */
    static final String GONE = "the command is no longer on the control topic";

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaClients clients;
    private final ControlTopic topic;

    CommandLog(KafkaClients clients, ControlTopic topic) {
        this.clients = clients;
        this.topic = topic;
    }

    /** The value of a command; empty when it is no longer there. Waits as long as the brokers are away. */
    Optional<byte[]> read(ControlPlace place) {
        if (!place.topic().equals(topic.id())) {
            return Optional.empty(); // another topic of that name, made since
        }
        TopicPartition partition = new TopicPartition(topic.name(), place.partition());
        try (Consumer<byte[], byte[]> consumer = clients.consumer("metaie-command-log", KafkaClients.RECORD_BY_RECORD)) {
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
