package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.Control;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topic of the tasks is compacted, tombstones and all, between two lives of the service. */
@Tag("faults")
class StateCompactedTest {

    private static final String TASKS = "metaie.tasks";
    private static final int DEFINED = 200;

    @TempDir
    Path directory;

    @Test
    void whatIsLeftIsTheSame() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                Services services = new Services(broker.bootstrap())) {
            compactedAtOnce(broker.bootstrap());
            ServiceApp before = services.start("one");
            Control control = services.control;
            for (int round = 0; round < DEFINED; round++) {
                control.send("{'type':'define-task','task':'kept','labels':['L" + round + "'],'commandId':'k" + round + "'}");
                control.send("{'type':'define-task','task':'gone','labels':['A'],'commandId':'g" + round + "'}");
                control.send("{'type':'delete-task','task':'gone','commandId':'d" + round + "'}");
            }
            control.await("task-deleted", "d" + (DEFINED - 1), Control.PATIENCE);
            before.app().kill();
            Awaitility.await("compaction").atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        // Only what is written next closes a segment, and only closed ones are compacted.
                        writeTombstone(broker.bootstrap());
                        return records(broker.bootstrap()) < DEFINED;
                    });
            Control.forgetOffsets(broker.bootstrap());
            ServiceApp after = services.start("two");
            control.define("marker", "['A']");
            assertEquals("L" + (DEFINED - 1), after.task("kept").at("/labels/0").asText());
            assertEquals(404, after.get("/api/tasks/gone").statusCode());
            assertEquals(1, control.count("task-defined", "k0"), "no command is carried out again");
        }
    }

    private static void compactedAtOnce(String bootstrap) throws Exception {
        try (Admin admin = new KafkaClients(KafkaSettings.of(bootstrap)).admin("compaction", Map.of())) {
            admin.createTopics(List.of(new NewTopic(TASKS, 1, (short) 1).configs(Map.of("cleanup.policy", "compact",
                    "segment.ms", "500", "min.cleanable.dirty.ratio", "0.01", "delete.retention.ms", "0",
                    "max.compaction.lag.ms", "1000")))).all().get();
        }
    }

    private static void writeTombstone(String bootstrap) throws Exception {
        try (Producer<byte[], byte[]> producer =
                new KafkaClients(KafkaSettings.of(bootstrap)).producer("tombstone", Map.of())) {
            producer.send(new ProducerRecord<>(TASKS, "nobody".getBytes(UTF_8), null)).get();
        }
    }

    private static int records(String bootstrap) {
        TopicPartition partition = new TopicPartition(TASKS, 0);
        try (Consumer<byte[], byte[]> consumer = new KafkaClients(KafkaSettings.of(bootstrap)).consumer("count",
                Map.of("isolation.level", "read_committed"))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            int count = 0;
            while (consumer.position(partition) < end) {
                count += consumer.poll(Duration.ofMillis(200)).count();
            }
            return count;
        }
    }
}
