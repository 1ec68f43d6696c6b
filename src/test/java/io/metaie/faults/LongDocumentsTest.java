package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents that take longer than a poll may, on one partition. */
@Tag("faults")
class LongDocumentsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @TempDir
    Path directory;

    @Test
    void twoInstancesDoEachOnce() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                ServiceApp one = start(broker, "one").awaitReady();
                ServiceApp two = start(broker, "two").awaitReady();
                ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
            for (int i = 0; i < 20; i++) {
                stream.send(document("long-" + i, 60_000));
            }
            stream.verify(PATIENCE);
            assertEquals(20, stream.extractions().size());
            assertEquals(200, one.health("ready"));
            assertEquals(200, two.health("ready"));
        }
    }

    @Test
    void aLongOneFirstThenFiftyShortOnesAfterAKill() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                ServiceApp first = start(broker, "one").awaitReady();
                ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
            stream.send(document("long", 300_000));
            for (int i = 0; i < 50; i++) {
                stream.send(document("short-" + i, 10));
            }
            stream.flush();
            first.awaitHealth("ready", 200);
            first.app().kill();
            try (ServiceApp second = start(broker, "one").awaitReady()) {
                stream.verify(PATIENCE);
                assertEquals(200, second.health("live"));
            }
            assertEquals(51, stream.extractions().size());
        }
    }

    private static ServiceApp start(EmbeddedBroker broker, String instance) {
        return ServiceApp.start(
                broker.bootstrap(), instance, "mp.messaging.incoming.documents.max.poll.interval.ms=10000");
    }

    private static ProducerRecord<byte[], byte[]> document(String id, int chars) {
        String sentence = "Ada Lovelace met Alan Turing. ";
        String text = sentence.repeat(1 + chars / sentence.length());
        String json = "{\"id\":\"" + id + "\",\"text\":\"" + text + "\",\"labels\":[\"Person\"]}";
        return new ProducerRecord<>(ExactlyOnce.DOCUMENTS, 0, id.getBytes(UTF_8), json.getBytes(UTF_8));
    }
}
