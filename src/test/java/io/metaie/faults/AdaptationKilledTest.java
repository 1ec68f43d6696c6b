package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The instance is killed while it adapts a task, or while it writes what came of that. */
class AdaptationKilledTest {

    private static final Duration PATIENCE = Control.PATIENCE;
    private static final String EXAMPLES = "[{'text':'Zorblax met Quimby.','spans':[{'label':'gadget','text':'Zorblax'}]},"
            + "{'text':'Nothing of note.','spans':[]}]";

    @TempDir
    Path directory;

    private static void adapt(Control control, String id, int epochs) {
        control.send("{'type':'adapt','task':'r','commandId':'" + id + "','examples':" + EXAMPLES + ",'options':{'epochs':"
                + epochs + ",'activate':'always'}}");
    }

    @Test
    @Tag("faults")
    void itIsRunAgainAndEndsOnce() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            ServiceApp first = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
            try (Control control = new Control(broker.bootstrap())) {
                control.define("r", "['gadget']");
                adapt(control, "a", 40);
                control.await("adaptation-progress", "a", PATIENCE);
                first.app().kill();
                try (ServiceApp second = ServiceApp.start(broker.bootstrap(), "one").awaitReady()) {
                    assertEquals(1, control.await("adaptation-completed", "a", PATIENCE).path("version").asInt());
                    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> second.adapter("r").equals("r@1"));
                }
                Control.forgetOffsets(broker.bootstrap());
                try (ServiceApp third = ServiceApp.start(broker.bootstrap(), "two").awaitReady()) {
                    control.define("later", "['A']");
                    assertEquals(1, control.count("adaptation-started", "a"), "accepted once");
                    assertEquals(1, control.count("adaptation-completed", "a"), "ended once");
                    assertEquals(1, third.task("r").path("versions").size());
                    assertEquals("r@1", third.adapter("r"));
                }
            } finally {
                first.close();
            }
        }
    }

    /** Whatever part of it has been written, either all of it counts or nothing. */
    @Test
    @Tag("faults")
    void itsResultIsWholeOrNotThere() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            smallParts(broker.bootstrap());
            // The one that carries out commands comes first: it makes the topics.
            ServiceApp service = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
            try (ServiceApp reader = ServiceApp.start(broker.bootstrap(), "reader", "metaie.roles=extract,console").awaitReady();
                    Control control = new Control(broker.bootstrap());
                    Consumer<byte[], byte[]> parts = new KafkaClients(KafkaSettings.of(broker.bootstrap()))
                            .consumer("parts", Map.of("isolation.level", "read_uncommitted"))) {
                TopicPartition partition = new TopicPartition(Control.ADAPTERS, 0);
                parts.assign(List.of(partition));
                try {
                    control.define("r", "['gadget']");
                    for (int round = 1; round <= 10; round++) {
                        parts.seekToEnd(List.of(partition));
                        parts.position(partition);
                        adapt(control, "a" + round, 1);
                        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1))
                                .until(() -> !parts.poll(Duration.ofMillis(20)).isEmpty());
                        service.app().kill();
                        String served = reader.adapter("r");
                        assertTrue(List.of(round == 1 ? "" : "r@" + (round - 1), "r@" + round).contains(served), served);
                        service = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
                        JsonNode completed = control.await("adaptation-completed", "a" + round, PATIENCE);
                        assertEquals(round, completed.path("version").asInt());
                        String whole = "r@" + round;
                        ServiceApp owner = service;
                        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() ->
                                reader.adapter("r").equals(whole) && owner.adapter("r").equals(whole));
                    }
                    for (int round = 1; round <= 10; round++) {
                        assertEquals(1, control.count("adaptation-completed", "a" + round));
                        assertEquals(0, control.count("adaptation-failed", "a" + round));
                    }
                    assertEquals(10, reader.task("r").path("versions").size());
                } finally {
                    service.close();
                }
            }
        }
    }

    /** So that an adapter has many parts. */
    private static void smallParts(String bootstrap) throws Exception {
        try (Admin admin = new KafkaClients(KafkaSettings.of(bootstrap)).admin("parts", Map.of())) {
            admin.createTopics(List.of(new NewTopic(Control.ADAPTERS, 1, (short) 1)
                    .configs(Map.of("cleanup.policy", "compact", "max.message.bytes", "32768")))).all().get();
        }
    }
}
