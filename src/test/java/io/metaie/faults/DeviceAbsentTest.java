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

/**
 * A GPU is asked for where there is none: the service is alive and not ready, no other device takes its place, and the
 * documents wait for an instance that has what it asks for.
 */
@Tag("service")
class DeviceAbsentTest {

    @TempDir
    Path directory;

    @Test
    void documentsWaitAndNoneIsDeadLettered() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                ServiceApp gpu = ServiceApp.start(broker.bootstrap(), "one", "metaie.device=cuda")) {
            gpu.awaitHealth("started", 200);
            Awaitility.await().until(() -> gpu.healthBody("ready").contains("cuda:0"));
            assertEquals(503, gpu.health("ready"));
            assertEquals(503, gpu.post("/api/extract", "{'text':'Ada met Bob.','labels':['Person']}").statusCode());
            try (ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
                stream.sendMany(5, "waiting-");
                // The lane has a document in hand and says why it waits.
                Awaitility.await().until(() -> gpu.healthBody("ready").contains("\"lane "));
                assertEquals(200, gpu.health("live"));
                gpu.app().terminate();
                assertEquals(0, gpu.app().exitCode());
                assertTrue(gpu.app().err().contains("cuda:0"), gpu.app().err());
                assertEquals(0, stream.answered());
                try (ServiceApp cpu = ServiceApp.start(broker.bootstrap(), "one", "metaie.device=cpu").awaitReady()) {
                    stream.verify(Duration.ofSeconds(60));
                    assertEquals(5, stream.extractions().size());
                    assertEquals(0, stream.deadLetters().size());
                    assertEquals(200, cpu.health("ready"));
                }
            }
        }
    }
}
