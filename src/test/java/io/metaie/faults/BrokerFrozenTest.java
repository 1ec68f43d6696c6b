package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.BootstrapFile;
import io.metaie.testing.App;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.Ports;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker, a process of its own here, does not answer for longer than any transaction lives, and then goes on as if
 * nothing had happened; or the service does.
 */
@Tag("faults")
class BrokerFrozenTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration FROZEN = Duration.ofSeconds(25);

    @TempDir
    Path directory;

    @Test
    void theServiceGoesOnWhenTheBrokerThaws() {
        whileFrozen((broker, service) -> broker);
    }

    @Test
    void theServiceGoesOnWhenItThawsItself() {
        whileFrozen((broker, service) -> service);
    }

    private interface Choice {
        App of(App broker, App service);
    }

    private void whileFrozen(Choice choice) {
        // An instance of another application, with topics of its own, lends its broker.
        App.Builder lender = App.with("serve").set("metaie.kafka.embedded.directory", directory)
                .set("metaie.kafka.embedded.port", 0).set("quarkus.http.port", Ports.free())
                .set("metaie.application", "lender").set("metaie.topics.documents", "lender.documents")
                .set("metaie.topics.spans", "lender.spans");
        try (App broker = lender.start()) {
            Awaitility.await().atMost(PATIENCE).until(() -> new BootstrapFile(directory).read().isPresent());
            String bootstrap = new BootstrapFile(directory).read().orElseThrow();
            try (ServiceApp service = ServiceApp.start(bootstrap, "one", "kafka.transaction.timeout.ms=5000")
                            .awaitReady();
                    ExactlyOnce stream = new ExactlyOnce(bootstrap)) {
                stream.sendMany(3_000, "frozen-");
                stream.awaitAnswers(100, PATIENCE);
                App frozen = choice.of(broker, service.app());
                frozen.signal("STOP");
                long end = System.nanoTime() + FROZEN.toNanos();
                Awaitility.await().atMost(FROZEN.multipliedBy(2)).until(() -> System.nanoTime() > end);
                frozen.signal("CONT");
                stream.verify(PATIENCE);
                assertEquals(3_000, stream.extractions().size());
                service.awaitReady();
                long epochs = service.app().err().lines().filter(l -> l.contains("INVALID_PRODUCER_EPOCH")).count();
                assertTrue(epochs < 20, "INVALID_PRODUCER_EPOCH " + epochs + " times");
            }
        }
    }
}
