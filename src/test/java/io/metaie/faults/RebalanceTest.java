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

/** A second instance joins while documents are in work, and leaves again: told to, or killed. */
class RebalanceTest {

    @TempDir
    Path directory;

    @Test
    @Tag("service")
    void aSecondInstanceComesAndGoes() {
        comeAndGo(1, 200, Duration.ofSeconds(120));
    }

    @Test
    @Tag("faults")
    void aSecondInstanceComesAndGoesTenTimes() {
        comeAndGo(10, 600, Duration.ofMinutes(5));
    }

    private void comeAndGo(int rounds, int documents, Duration patience) {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                ServiceApp steady = ServiceApp.start(broker.bootstrap(), "steady").awaitReady();
                ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
            for (int round = 0; round < rounds; round++) {
                stream.sendMany(documents, "before-" + round + "-");
                try (ServiceApp guest = ServiceApp.start(broker.bootstrap(), "guest").awaitReady()) {
                    int answered = stream.answered();
                    stream.sendMany(documents, "with-" + round + "-");
                    stream.awaitAnswers(answered + documents / 4, patience);
                    if (round % 2 == 0) {
                        guest.app().terminate();
                        guest.app().exitCode();
                    } else {
                        guest.app().kill();
                    }
                }
                awaitNoLag(steady, patience);
            }
            stream.verify(patience);
            assertEquals(List.of(), stream.deadLetterCauses(), () -> steady.app().err());
            assertEquals(2 * rounds * documents, stream.extractions().size());
            assertEquals(200, steady.health("ready"));
        }
    }

    /** Of the partitions owned now, those that came back included; a number at all times. */
    private static void awaitNoLag(ServiceApp steady, Duration patience) {
        Awaitility.await("no lag behind " + steady).atMost(patience).until(() -> {
            double records = steady.metric("metaie_lag_records");
            double seconds = steady.metric("metaie_lag_seconds");
            assertTrue(records >= 0 && seconds >= 0, "records " + records + ", seconds " + seconds);
            return records == 0 && seconds == 0;
        });
    }
}
