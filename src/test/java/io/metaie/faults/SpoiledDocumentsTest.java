package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.config.Settings;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicDeclarations;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.Topics;
import io.metaie.testing.App;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.Poison;
import io.metaie.testing.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every second document is spoiled, at full speed: nothing is lost, and what fails leaves no memory behind. */
@Tag("faults")
class SpoiledDocumentsTest {

    private static final int DOCUMENTS = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(9);
    private static final int LARGE = 100_000;
    private static final double SLACK = 1.05;

    @TempDir
    Path directory;

    @Test
    void memoryStaysAsItIs() throws Exception {
        List<Poison> kinds = Poison.kinds().stream()
                .filter(kind -> kind.value() == null || kind.value().length < LARGE)
                .toList();
        // The whole heap is touched at once, so what grows afterwards is native.
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                App app = App.with("serve").env("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap()).env("MALLOC_ARENA_MAX", "2")
                        .jvm("-Xms512m").jvm("-XX:+AlwaysPreTouch").jvm("-XX:+UseSerialGC")
                        .set("quarkus.http.port", Ports.free())
                        .start()) {
            createTopics(broker.bootstrap());
            try (ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
                for (int i = 0; i < DOCUMENTS; i++) {
                    if (i % 2 == 0) {
                        stream.send("probe-" + i, "Ada Lovelace lives in Paris.");
                    } else {
                        stream.send(kinds.get(i / 2 % kinds.size()).record("poison-" + i));
                    }
                }
                stream.flush();
                stream.awaitAnswers(DOCUMENTS / 2, PATIENCE);
                long half = residentBytes(app);
                stream.verify(PATIENCE);
                long whole = residentBytes(app);
                assertEquals(DOCUMENTS / 2, stream.extractions().size());
                assertEquals(DOCUMENTS / 2, stream.deadLetters().size());
                assertTrue(whole < half * SLACK, "resident memory grew from " + half + " to " + whole + " bytes");
            }
        }
    }

    private static void createTopics(String bootstrap) throws Exception {
        Topics topics = new Topics(Settings.metaie(Settings.load()).topics());
        new TopicSetup(new KafkaClients(KafkaSettings.of(bootstrap)), topics, TopicDeclarations.packaged(), true)
                .ensure(EnumSet.of(Topic.DOCUMENTS, Topic.DOCUMENTS_DEAD_LETTERS, Topic.SPANS));
    }

    private static long residentBytes(App app) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(app.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst().orElseThrow();
    }
}
