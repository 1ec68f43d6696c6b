package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.Poison;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The instance is killed in the middle of its work, poison among it, and started again. */
class InstanceKilledTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    @Tag("service")
    void itsSuccessorGoesOnWhereItWas() {
        killAmong(200);
    }

    @Test
    @Tag("faults")
    void itsSuccessorGoesOnWhereItWasAmongMany() {
        killAmong(2_000);
    }

    private void killAmong(int records) {
        List<Poison> kinds = Poison.kinds();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            ServiceApp first = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
            try (ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
                for (int i = 0; i < records; i++) {
                    if (i % 10 == 9) {
                        stream.send(kinds.get(i / 10 % kinds.size()).record("poison-" + i / 10 % kinds.size()));
                    } else {
                        stream.send("doc-" + i, "Ada Lovelace met Charles Babbage in London.");
                    }
                }
                stream.flush();
                stream.awaitAnswers(records / 10, PATIENCE);
                first.app().kill();
                try (ServiceApp second = ServiceApp.start(broker.bootstrap(), "one").awaitReady()) {
                    stream.verify(PATIENCE);
                    assertEquals(200, second.health("live"));
                }
                assertEquals(records - records / 10, stream.extractions().size());
                assertEquals(records / 10, stream.deadLetters().size());
                stream.deadLetters().values().forEach(letter -> assertEquals(
                        kinds.get(number(letter)).reason(),
                        ExactlyOnce.header(letter, "metaie.reason").orElseThrow()));
            } finally {
                first.close();
            }
        }
    }

    private static int number(ConsumerRecord<byte[], byte[]> letter) {
        return Integer.parseInt(new String(letter.key(), UTF_8).substring("poison-".length()));
    }
}
