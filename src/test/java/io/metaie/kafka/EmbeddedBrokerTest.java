package io.metaie.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

    private static final TopicPartition PARTITION = new TopicPartition("words", 0);

    @TempDir
    Path directory;

    @Test
    void keepsItsDataAndItsClusterOverARestart() throws Exception {
        String cluster;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            cluster = clusterOf(broker);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic("words", 1, (short) 1))).all().get();
            }
            transact(broker, "committed", true);
            transact(broker, "aborted", false);
            assertEquals(List.of("committed"), read(broker, 1));
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            assertEquals(cluster, clusterOf(broker));
            transact(broker, "after", true);
            assertEquals(List.of("committed", "after"), read(broker, 2));
        }
    }

    @Test
    void refusesADirectoryInUse() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            DirectoryInUseException refusal =
                    assertThrows(DirectoryInUseException.class, () -> EmbeddedBroker.start(directory, 0));
            assertTrue(refusal.getMessage().contains(directory.toString()), refusal.getMessage());
            assertTrue(broker.bootstrap().startsWith("127.0.0.1:"), broker.bootstrap());
        }
    }

    @Test
    void takesAFreePortWhenTheOneAskedForIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                EmbeddedBroker broker = EmbeddedBroker.start(directory, taken.getLocalPort())) {
            assertNotEquals("127.0.0.1:" + taken.getLocalPort(), broker.bootstrap());
            assertTrue(!clusterOf(broker).isEmpty());
        }
    }

    private static String clusterOf(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            return admin.describeCluster().clusterId().get();
        }
    }

    private static void transact(EmbeddedBroker broker, String word, boolean commit) {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "writer");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("words", word));
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.flush();
                producer.abortTransaction();
            }
        }
    }

    private static List<String> read(EmbeddedBroker broker, int count) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed");
        List<String> words = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(Set.of(PARTITION));
            consumer.seekToBeginning(Set.of(PARTITION));
            long end = consumer.endOffsets(Set.of(PARTITION)).get(PARTITION);
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (consumer.position(PARTITION) < end && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(r -> words.add(r.value()));
            }
        }
        assertEquals(count, words.size());
        return words;
    }
}
