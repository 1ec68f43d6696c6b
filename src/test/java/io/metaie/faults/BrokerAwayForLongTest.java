package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.Ports;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker is away for a minute in the middle of the work: alive, not ready, and quiet enough until it is back. */
@Tag("faults")
class BrokerAwayForLongTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration AWAY = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void goesOnWithoutHelp() {
        int port = Ports.free();
        EmbeddedBroker broker = EmbeddedBroker.start(directory, port);
        try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
                ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
            stream.sendMany(1_500, "away-");
            stream.awaitAnswers(100, PATIENCE);
            broker.close();
            long logged = service.app().err().lines().count();
            long end = System.nanoTime() + AWAY.toNanos();
            service.awaitHealth("ready", 503);
            Awaitility.await().atMost(AWAY.multipliedBy(2)).pollInterval(Duration.ofSeconds(1)).until(() -> {
                assertEquals(200, service.health("live"));
                assertEquals(503, service.health("ready"));
                return System.nanoTime() > end;
            });
            logged = service.app().err().lines().count() - logged;
            assertTrue(logged < 100 * AWAY.toSeconds(), logged + " lines of log");
            broker = EmbeddedBroker.start(directory, port);
            stream.verify(PATIENCE);
            assertEquals(1_500, stream.extractions().size());
            service.awaitReady();
        } finally {
            broker.close();
        }
    }
}
