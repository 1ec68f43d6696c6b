package io.metaie.control;

import io.metaie.adaptation.LearningSet;
import io.metaie.adaptation.NumberedExample;
import io.metaie.control.Command.Learn.Distilled;
import io.metaie.distillation.TaskExamples;
import io.metaie.evaluation.Example;
import io.metaie.kafka.KafkaClients;
import io.metaie.label.LabelSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The examples that teachers made, as they stand on their topic, from the beginning of what it keeps to its present end. */
final class CollectedExamples {

    /** More sentences than this take longer to learn than anybody means who does not say so. */
    static final int USUAL_LIMIT = 1_000;
    /** More than this are not kept in memory; an adaptation takes so many steps that it would not see them all anyway. */
    static final int MOST = 10_000;

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Map<String, Object> ADMIN = Map.of(
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000, AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    private static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);

    private final KafkaClients clients;
    private final String topic;

    CollectedExamples(KafkaClients clients, String topic) {
        this.clients = clients;
        this.topic = topic;
    }

    /**
     * Why nothing can be learned from them, if it is plain. Who has no teacher need not have their topic.
     *
     * @throws KafkaException while the brokers are away
     */
    Optional<String> fault() {
        try (Admin admin = clients.admin("metaie-collected-examples-topic", ADMIN)) {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.of("there is no topic " + topic + ": no teacher has labelled anything yet, see metaie.llm.base-url");
            }
            throw new KafkaException("the topic " + topic + " cannot be looked up", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * Reads what a task can learn from. Waits as long as the brokers are away.
     *
     * @param task what the task asks
     * @throws IllegalArgumentException when there is nothing; the message says what was looked for
     */
    LearningSet read(Distilled wanted, LabelSet task) {
        TaskExamples examples = new TaskExamples(task, wanted.labels(), wanted.limit().orElse(USUAL_LIMIT));
        try (Consumer<byte[], byte[]> consumer = clients.consumer("metaie-collected-examples", CONSUMER)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            Instant since = wanted.since().orElse(Instant.EPOCH);
            seek(consumer, partitions, since);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(record -> {
                    // Times need not be in order: behind the first one since then an older one may stand.
                    if (record.value() != null && (since.equals(Instant.EPOCH) || record.timestamp() >= since.toEpochMilli())) {
                        examples.add(record.value(), record.timestamp());
                    }
                });
            }
        }
        List<NumberedExample> numbered = new ArrayList<>();
        for (Example example : examples.examples()) {
            numbered.add(new NumberedExample(numbered.size(), example));
        }
        LearningSet set = LearningSet.of(numbered);
        if (!set.hasSpans()) {
            throw new IllegalArgumentException("no example on " + topic + wanted.since().map(time -> " since " + time).orElse("")
                    + " has a span of " + sought(wanted, task));
        }
        return set;
    }

    private static void seek(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Instant since) {
        consumer.seekToBeginning(partitions);
        if (since.isAfter(Instant.EPOCH)) {
            consumer.offsetsForTimes(partitions.stream().collect(Collectors.toMap(p -> p, p -> since.toEpochMilli())))
                    .forEach((partition, found) -> {
                        if (found == null) {
                            consumer.seekToEnd(List.of(partition));
                        } else {
                            consumer.seek(partition, found.offset());
                        }
                    });
        }
    }

    private static String sought(Distilled wanted, LabelSet task) {
        List<String> names = wanted.labels().isEmpty()
                ? task.roots().stream().map(label -> label.name()).toList()
                : wanted.labels().keySet().stream().sorted().toList();
        return names.stream().limit(20).map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
    }
}
