package io.metaie.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.config.MetaieConfig.From;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.TopicState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartPositionTest {

    private static final TopicState DOCUMENTS = new TopicState("documents", 2, 1 << 20);

    @TempDir
    Path directory;

    @Test
    void theLatestIsTakenOnce() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            KafkaClients clients = new KafkaClients(KafkaSettings.of(broker.bootstrap()));
            try (Admin admin = clients.admin("admin", Map.of());
                    Producer<byte[], byte[]> producer = clients.producer("p", Map.of())) {
                admin.createTopics(List.of(new NewTopic("documents", 2, (short) 1))).all().get();
                producer.send(new ProducerRecord<>("documents", 0, null, new byte[] {1})).get();

                new StartPosition(clients, "early", From.EARLIEST).take(DOCUMENTS);
                assertEquals(Map.of(), committed(admin, "early"));

                new StartPosition(clients, "late", From.LATEST).take(DOCUMENTS);
                assertEquals(Map.of(0, 1L, 1, 0L), committed(admin, "late"));

                producer.send(new ProducerRecord<>("documents", 1, null, new byte[] {1})).get();
                new StartPosition(clients, "late", From.LATEST).take(DOCUMENTS);
                assertEquals(Map.of(0, 1L, 1, 0L), committed(admin, "late"), "what came in between is not skipped");
            }
        }
    }

    private static Map<Integer, Long> committed(Admin admin, String group) throws Exception {
        Map<Integer, Long> offsets = new TreeMap<>();
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get()
                .forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
        return offsets;
    }
}
