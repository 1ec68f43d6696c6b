package io.metaie.lane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.lane.LagMonitor.Lag;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LagReaderTest {

    private static final TopicPartition PARTITION = new TopicPartition("documents", 0);

    @TempDir
    Path directory;

    @Test
    void countsRecordsAndNotTheMarksOfTransactions() throws Exception {
        long now = System.currentTimeMillis();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            KafkaClients clients = new KafkaClients(KafkaSettings.of(broker.bootstrap()));
            try (Admin admin = clients.admin("admin", Map.of());
                    Producer<byte[], byte[]> producer = clients.producer("p", Map.of("transactional.id", "p"));
                    LagReader reader = new LagReader(clients, "group")) {
                admin.createTopics(List.of(new NewTopic("documents", 1, (short) 1))).all().get();
                producer.initTransactions();
                assertEquals(Lag.NONE, reader.read(Set.of(PARTITION), Map.of()), "an empty partition");

                producer.beginTransaction();
                producer.send(new ProducerRecord<>("documents", 0, now - 2_000, null, "a".getBytes(UTF_8)));
                producer.send(new ProducerRecord<>("documents", 0, now - 1_000, null, "b".getBytes(UTF_8)));
                producer.commitTransaction();
                // Offsets 0 and 1, and, a little after the commit, the mark of the transaction at 2.
                Lag three = new Lag(3, Optional.of(now - 2_000));
                await().until(() -> reader.read(Set.of(PARTITION), Map.of()).equals(three));

                commit(admin, 1);
                assertEquals(new Lag(2, Optional.of(now - 1_000)), reader.read(Set.of(PARTITION), Map.of()));
                assertEquals(new Lag(1, Optional.of(7L)), reader.read(
                        Set.of(PARTITION), Map.of(PARTITION, new LaneStatus.Place(2, 7L))), "what a lane holds");
                commit(admin, 2);
                assertEquals(Lag.NONE, reader.read(Set.of(PARTITION), Map.of()), "only a mark is left");

                producer.beginTransaction();
                producer.send(new ProducerRecord<>("documents", 0, now, null, "c".getBytes(UTF_8)));
                producer.flush();
                assertEquals(Lag.NONE, reader.read(Set.of(PARTITION), Map.of()), "not committed by its writer");
                producer.abortTransaction();
                assertEquals(Lag.NONE, reader.read(Set.of(PARTITION), Map.of()), "given up by its writer");
                assertEquals(Lag.NONE, reader.read(Set.of(), Map.of()), "nothing owned");
            }
        }
    }

    private static void commit(Admin admin, long offset) throws Exception {
        admin.alterConsumerGroupOffsets("group", Map.of(PARTITION, new OffsetAndMetadata(offset))).all().get();
    }
}
