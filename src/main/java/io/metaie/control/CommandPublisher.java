package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Publishes commands that came another way. */
@Singleton
public class CommandPublisher {

    private static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);

    private final KafkaClients clients;
    private final String topic;
    private Optional<Producer<byte[], byte[]>> producer = Optional.empty();

    CommandPublisher(KafkaClients clients, Topics topics) {
        this.clients = clients;
        this.topic = topics.control();
    }

    /**
     * Publishes a command under its task's name.
     *
     * @param value the command as it is to be read
     * @return complete when the brokers have it
     */
    public CompletableFuture<Void> publish(String task, byte[] value) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            producer().send(new ProducerRecord<>(topic, task.getBytes(UTF_8), value), (metadata, failure) -> {
                if (failure == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
        return done;
    }

    // Made when first wanted: most instances never publish a command.
    private synchronized Producer<byte[], byte[]> producer() {
        if (producer.isEmpty()) {
            producer = Optional.of(clients.producer("metaie-commands", PRODUCER));
        }
        return producer.get();
    }

    @PreDestroy
    synchronized void close() {
        producer.ifPresent(open -> open.close(Duration.ofSeconds(2)));
    }
}
