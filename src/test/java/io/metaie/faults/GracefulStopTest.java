package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while documents are in work, then while the successor still loads its model. */
@Tag("faults")
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

    @Test
    void twentyTimesAtFullSpeed() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            ServiceApp next = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
            try (ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
                for (int round = 1; round <= 20; round++) {
                    try (ServiceApp service = next) {
                        int answered = stream.answered();
                        stream.sendMany(200, "stop-" + round + "-");
                        stream.awaitAnswers(answered + 10, PATIENCE);
                        stop(service);
                        stream.answered();
                        assertEquals(List.of(), stream.deadLetterCauses(), () -> service.app().err());
                    }
                    next = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
                }
                stream.verify(PATIENCE);
                assertEquals(20 * 200, stream.extractions().size());
            } finally {
                next.close();
            }
        }
    }

    private static void stop(ServiceApp service) {
        service.app().terminate();
        int code = service.app().exitCode(GRACE);
        assertEquals(0, code, () -> service.app().err());
    }
}
