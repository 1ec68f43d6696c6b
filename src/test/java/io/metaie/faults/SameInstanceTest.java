package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances run under one name: they fence one another, say so, and still answer nothing twice. */
@Tag("faults")
class SameInstanceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String COMPLAINT = "another running instance uses metaie.instance=twin";

    @TempDir
    Path directory;

    @Test
    void saysSoAndLosesNothing() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                ServiceApp one = ServiceApp.start(broker.bootstrap(), "twin").awaitReady();
                ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
            stream.sendMany(200, "alone-");
            try (ServiceApp two = ServiceApp.start(broker.bootstrap(), "twin")) {
                two.awaitHealth("started", 200);
                Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
                    stream.sendMany(20, "both-" + System.nanoTime() + "-");
                    return one.healthBody("ready").contains(COMPLAINT)
                            || two.healthBody("ready").contains(COMPLAINT);
                });
                assertEquals(200, one.health("live"));
                assertEquals(200, two.health("live"));
                two.app().terminate();
                two.app().exitCode();
            }
            stream.verify(PATIENCE);
            assertEquals(0, stream.deadLetters().size());
        }
    }
}
