package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while documents are in work, then while the successor still loads its model. */
@Tag("service")
class GracefulStopTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration GRACE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void committedOrLeftNeverHalfDone() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                ServiceApp first = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
                ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
            stream.sendMany(300, "stop-");
            stream.awaitAnswers(30, PATIENCE);
            stop(first);
            try (ServiceApp second = ServiceApp.start(broker.bootstrap(), "one")) {
                Awaitility.await().atMost(PATIENCE).until(() -> !second.app().err().isEmpty());
                stop(second);
            }
            try (ServiceApp third = ServiceApp.start(broker.bootstrap(), "one").awaitReady()) {
                stream.verify(PATIENCE);
                stop(third);
            }
            assertEquals(300, stream.extractions().size());
        }
    }

    private static void stop(ServiceApp service) {
        service.app().terminate();
        int code = service.app().exitCode(GRACE);
        assertTrue(code == 0 || code == 143, () -> "exit code " + code + "\n" + service.app().err());
    }
}
