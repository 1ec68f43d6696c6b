package io.metaie.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Topics;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** The latest records of a topic, read when somebody asks, by a consumer opened for that. */
@Singleton
public class LatestRecords {

    private static final Logger LOG = Logger.getLogger(LatestRecords.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** The marks of transactions stand between records, one behind each at worst. */
    private static final int OFFSETS_A_RECORD = 2;

    private final KafkaClients clients;
    private final Topics topics;

    LatestRecords(KafkaClients clients, Topics topics) {
        this.clients = clients;
        this.topics = topics;
    }

    /** A record as it is shown, and when it was written. */
    private record Shown(long timestamp, JsonNode json) {}

    /**
     * The latest dead letters of documents and of texts for the teacher, the newest first.
     *
     * @throws BrokersAwayException when the brokers do not answer
     */
    public List<JsonNode> deadLetters(int max) {
        return read(List.of(Topics.deadLetters(topics.documents()), Topics.deadLetters(topics.distillationRequests())),
                max, record -> Optional.of(DeadLetterJson.of(record)));
    }

    /** The latest examples the teacher gave, the newest first. */
    public List<JsonNode> examples(int max) {
        return read(List.of(topics.distillationExamples()), max, LatestRecords::json);
    }

    /** The latest events: what became of commands, the newest first. */
    public List<JsonNode> events(int max) {
        return read(List.of(topics.events()), max, LatestRecords::json);
    }

    private static Optional<JsonNode> json(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.ofNullable(record.value() == null ? null : JSON.readTree(record.value()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * How many texts wait for the teacher: what its group has not committed.
     *
     * @param group the group that reads them
     */
    public long waitingRequests(String group) {
        Map<String, Object> patience = Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        try (Admin admin = clients.admin("metaie-console", patience); Consumer<byte[], byte[]> consumer = consumer()) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            List<TopicPartition> partitions = partitions(consumer, List.of(topics.distillationRequests()));
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, PATIENCE);
            return partitions.stream().mapToLong(partition -> {
                OffsetAndMetadata done = committed.get(partition);
                long from = done == null ? begins.get(partition) : Math.max(done.offset(), begins.get(partition));
                return Math.max(0, ends.get(partition) - from);
            }).sum();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokersAwayException("interrupted", e);
        } catch (ExecutionException | KafkaException e) {
            throw new BrokersAwayException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<JsonNode> read(
            List<String> names, int max, Function<ConsumerRecord<byte[], byte[]>, Optional<JsonNode>> shown) {
        Map<TopicPartition, Deque<Shown>> latest = new HashMap<>();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, names);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, PATIENCE);
            partitions.forEach(partition -> consumer.seek(partition,
                    Math.max(begins.get(partition), ends.get(partition) - (long) max * OFFSETS_A_RECORD)));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < deadline
                    && partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> shown.apply(record).ifPresent(json -> {
                    Deque<Shown> of = latest.computeIfAbsent(
                            new TopicPartition(record.topic(), record.partition()), p -> new ArrayDeque<>());
                    of.addLast(new Shown(record.timestamp(), json));
                    if (of.size() > max) {
                        of.removeFirst();
                    }
                }));
            }
            if (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                LOG.warnf("The brokers are slow: of %s the newest may be missing in what was asked for", names);
            }
        } catch (KafkaException e) {
            throw new BrokersAwayException(String.valueOf(e.getMessage()), e);
        }
        List<Shown> all = new ArrayList<>();
        latest.values().forEach(of -> of.descendingIterator().forEachRemaining(all::add));
        all.sort(Comparator.comparingLong(Shown::timestamp).reversed());
        return all.stream().limit(max).map(Shown::json).toList();
    }

    private static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, List<String> names) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String name : names) {
            for (PartitionInfo one : Optional.ofNullable(consumer.partitionsFor(name, PATIENCE)).orElse(List.of())) {
                partitions.add(new TopicPartition(name, one.partition()));
            }
        }
        return partitions;
    }

    private Consumer<byte[], byte[]> consumer() {
        return clients.consumer("metaie-console", Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis()));
    }
}
