package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.Ports;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service starts before its broker does: alive, not ready, and ready without help once the broker is there. */
@Tag("faults")
class BrokerAwayAtStartTest {

    @TempDir
    Path directory;

    @Test
    void waitsAndIsAlive() {
        int port = Ports.free();
        try (ServiceApp service = ServiceApp.start("127.0.0.1:" + port, "early")) {
            service.awaitHealth("live", 200);
            assertEquals(503, service.health("ready"));
            assertEquals(503, service.health("started"));
            try (EmbeddedBroker broker = EmbeddedBroker.start(directory, port)) {
                service.awaitReady();
                try (ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
                    stream.sendMany(20, "early-");
                    stream.verify(Duration.ofSeconds(60));
                }
                service.app().terminate();
                service.app().exitCode();
            }
        }
    }
}
