package io.metaie.cli;

import io.metaie.config.MetaieConfig;
import io.metaie.config.Settings;
import io.metaie.kafka.Backoff;
import io.metaie.kafka.BootstrapFile;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.Topics;
import io.smallrye.config.SmallRyeConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * How a command beside the service reaches Kafka: at {@code KAFKA_BOOTSTRAP_SERVERS}, else at the embedded broker of a
 * service that runs in the same directory.
 *
 * @param address the brokers, for messages
 */
record KafkaConnection(String address, KafkaClients clients, Topics topics) {

    /** A service just started makes its topics a moment after its broker. */
    private static final Duration TOPIC_PATIENCE = Duration.ofSeconds(10);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Map<String, Object> ADMIN = Map.of(
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000, AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);

    /** A reader of committed records that belongs to no group. */
    static final Map<String, Object> READER = Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);

    /** @throws CommandException when nobody says where Kafka is */
    static KafkaConnection open() {
        SmallRyeConfig config = Settings.load();
        MetaieConfig metaie = Settings.metaie(config);
        KafkaSettings settings = KafkaSettings.of(config);
        BootstrapFile embedded = new BootstrapFile(metaie.kafka().embedded().directory());
        String address = settings.bootstrapServers().or(embedded::read).orElseThrow(() -> new CommandException(
                "no Kafka to reach: KAFKA_BOOTSTRAP_SERVERS is not set, and no service with an embedded broker runs"
                        + " here (there is no " + embedded.path() + "; 'metaie serve' starts one)"));
        return new KafkaConnection(address, new KafkaClients(settings.withBootstrapServers(address)), topics(metaie));
    }

    /**
     * The topics as they are configured.
     *
     * @throws CommandException when they cannot be called so
     */
    static Topics topics(MetaieConfig metaie) {
        try {
            return new Topics(metaie.topics());
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    Admin admin() {
        return clients.admin("metaie-command", ADMIN);
    }

    /**
     * The partitions of a topic.
     *
     * @throws CommandException when there is no such topic, or Kafka does not answer
     */
    List<TopicPartition> partitions(String topic) {
        return partitions(topic, TOPIC_PATIENCE);
    }

    /**
     * The partitions of a topic that may not be there yet.
     *
     * @throws CommandException when there is no such topic in time, or Kafka does not answer
     */
    List<TopicPartition> partitions(String topic, Duration patience) {
        try (Admin admin = admin()) {
            long deadline = System.nanoTime() + patience.toNanos();
            Backoff pause = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
            Optional<List<TopicPartition>> partitions = describe(admin, topic);
            while (partitions.isEmpty() && System.nanoTime() < deadline) {
                pause.pause();
                partitions = describe(admin, topic);
            }
            return partitions.orElseThrow(() -> new CommandException(
                    "there is no topic " + topic + " on " + address + "; the service creates its topics when it starts"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    /** The partitions of a topic; empty when there is no such topic. */
    Optional<List<TopicPartition>> describe(Admin admin, String topic) throws InterruptedException {
        try {
            return Optional.of(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions()
                    .stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw failure(e.getCause());
        }
    }

    /**
     * The largest record a topic takes from here, in bytes.
     *
     * @throws CommandException when Kafka does not answer
     */
    int maxRecordBytes(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = admin()) {
            ConfigEntry limit = admin.describeConfigs(List.of(resource)).all().get().get(resource)
                    .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            return Math.min(Integer.parseInt(limit.value()), clients.maxRequestBytes());
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    /** What to tell the user of a failure of Kafka. */
    CommandException failure(Throwable cause) {
        String what = cause instanceof TimeoutException ? "no broker answers at " + address : "Kafka at " + address;
        return new CommandException(what + ": " + cause.getMessage(), cause);
    }
}
