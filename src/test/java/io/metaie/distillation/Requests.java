package io.metaie.distillation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.config.Settings;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicDeclarations;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Publishes requests, and reads the examples and dead letters that are committed. */
final class Requests implements AutoCloseable {

    private static final String REQUESTS = "metaie.distillation.requests";
    private static final String EXAMPLES = "metaie.distillation.examples";
    private static final String DEAD_LETTERS = REQUESTS + ".dead-letters";

    private final Consumer<byte[], byte[]> reader;
    private final Producer<byte[], byte[]> writer;
    private final List<ConsumerRecord<byte[], byte[]>> examples = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();

    Requests(String bootstrap) throws Exception {
        KafkaClients clients = new KafkaClients(KafkaSettings.of(bootstrap));
        new TopicSetup(clients, new Topics(Settings.metaie(Settings.load()).topics()), TopicDeclarations.packaged(), true)
                .ensure(Set.of(Topic.DISTILLATION_REQUESTS, Topic.DISTILLATION_EXAMPLES,
                        Topic.DISTILLATION_REQUESTS_DEAD_LETTERS));
        writer = clients.producer("requests", Map.of());
        reader = clients.consumer("examples", Map.of("isolation.level", "read_committed"));
        List<TopicPartition> partitions = List.of(new TopicPartition(EXAMPLES, 0), new TopicPartition(DEAD_LETTERS, 0));
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
    }

    /** @param key none if empty */
    void send(String key, String value) {
        writer.send(new ProducerRecord<>(REQUESTS, key.isEmpty() ? null : key.getBytes(UTF_8), value.getBytes(UTF_8)));
        writer.flush();
    }

    /** A document, which may be sampled. */
    void document(String json) {
        writer.send(new ProducerRecord<>("metaie.documents", json.getBytes(UTF_8)));
        writer.flush();
    }

    /** Waits for so many answers in all; a moment later there must be no more. */
    void await(int answers, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (int quiet = 0; examples.size() + letters.size() < answers || quiet < 5; ) {
            int before = examples.size() + letters.size();
            reader.poll(Duration.ofMillis(100)).forEach(record -> (record.topic().equals(EXAMPLES) ? examples : letters).add(record));
            quiet = examples.size() + letters.size() == before ? quiet + 1 : 0;
            if (System.nanoTime() > deadline) {
                throw new AssertionError(examples.size() + " examples, " + letters.size() + " dead letters of " + answers);
            }
        }
        if (examples.size() + letters.size() != answers) {
            throw new AssertionError(examples.size() + " examples and " + letters.size() + " dead letters, more than " + answers);
        }
    }

    List<ConsumerRecord<byte[], byte[]>> examples() {
        return examples;
    }

    List<ConsumerRecord<byte[], byte[]>> letters() {
        return letters;
    }

    @Override
    public void close() {
        reader.close();
        writer.close(Duration.ZERO);
    }
}
