package io.metaie.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.config.Settings;
import io.metaie.testing.Ports;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicSetupTest {

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static KafkaClients clients;

    private final Topics topics = new Topics(Settings.metaie(Settings.load()).topics());
    private final TopicDeclarations declarations = TopicDeclarations.packaged();

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory, 0);
        clients = new KafkaClients(KafkaSettings.of(broker.bootstrap()));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void createsWhatIsMissingAndChecksTheRest() throws Exception {
        try (Admin admin = clients.admin("test", Map.of())) {
            admin.createTopics(List.of(new NewTopic(topics.control(), Optional.of(3), Optional.empty()))).all().get();
        }
        for (int i = 0; i < 2; i++) {
            Map<Topic, TopicState> states = setup(true).ensure(EnumSet.allOf(Topic.class));
            assertEquals(Topic.values().length, states.size());
            assertEquals(new TopicState(topics.control(), 3, 1048588), states.get(Topic.CONTROL));
            assertEquals(new TopicState("metaie.documents.dead-letters", 1, 2162688),
                    states.get(Topic.DOCUMENTS_DEAD_LETTERS));
        }
    }

    @Test
    void saysWhatIsMissingAndMayNotBeCreated() {
        System.setProperty("metaie.topics.events", "elsewhere");
        try {
            Topics renamed = new Topics(Settings.metaie(Settings.load()).topics());
            TopicSetup setup = new TopicSetup(clients, renamed, declarations, false);
            String message = assertThrows(TopicSetupException.class, () -> setup.ensure(Set.of(Topic.EVENTS)))
                    .getMessage();
            assertTrue(message.contains("elsewhere (partitions: 1)"), message);
            assertTrue(message.contains("metaie.topics.create"), message);
        } finally {
            System.clearProperty("metaie.topics.events");
        }
    }

    @Test
    void waitsForTheBroker(@TempDir Path another) throws Exception {
        int port = Ports.free();
        KafkaClients early = new KafkaClients(KafkaSettings.of("127.0.0.1:" + port));
        TopicSetup setup = new TopicSetup(early, topics, declarations, true);
        CompletableFuture<Map<Topic, TopicState>> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return setup.ensure(Set.of(Topic.SPANS));
            } catch (TopicSetupException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertFalse(waiting.isDone());
        try (EmbeddedBroker late = EmbeddedBroker.start(another, port)) {
            assertEquals("127.0.0.1:" + port, late.bootstrap());
            assertEquals(4, waiting.get(60, TimeUnit.SECONDS).get(Topic.SPANS).partitions());
        }
    }

    private TopicSetup setup(boolean create) {
        return new TopicSetup(clients, topics, declarations, create);
    }
}
