package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.adapter.AdapterParts;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.Control;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version comes into force on every instance; then its weights are lost on their topic. */
@Tag("service")
class AdapterLostTest {

    @TempDir
    Path directory;

    @Test
    void itIsServedWhereItIsAndSaidWhereItIsNot() throws Exception {
        byte[] file = TestAdapters.everyWord(Checkpoint.open(Path.of("models", "metaie-mini")), "").bytes();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                Services services = new Services(broker.bootstrap())) {
            ServiceApp one = services.start("one");
            ServiceApp two = services.start("two");
            Control control = services.control;
            control.define("t", "['Word']");
            control.importAdapter("t", "i", file, 500_000, "always");
            control.await("adapter-activated", "i", Control.PATIENCE);
            for (ServiceApp service : new ServiceApp[] {one, two}) {
                Awaitility.await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(20))
                        .until(() -> service.adapter("t").equals("t@1"));
            }
            String part = AdapterParts.keys(AdapterParts.prefix("t", 1), 1).get(0);
            control.overwrite(part, null);
            assertEquals("t@1", one.adapter("t"), "it is still in memory");
            one.app().kill();
            two.app().kill();

            ServiceApp three = services.start("one");
            assertEquals("", three.adapter("t"), "the meta-model, since nothing better is left");
            JsonNode event = control.await(e -> e.path("type").asText().equals("adapter-incompatible"), "event", Control.PATIENCE);
            assertTrue(event.path("reason").asText().contains("missing"), event.toString());
            assertTrue(three.healthBody("ready").contains("task t"), three.healthBody("ready"));
            assertEquals(1, three.task("t").path("active").asInt(), "what was commanded stands");
            assertTrue(three.app().err().contains("cannot be used here"));

            control.overwrite(part, file);
            control.send("{'type':'activate','task':'t','version':1,'commandId':'again'}");
            control.await("adapter-activated", "again", Control.PATIENCE);
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> three.adapter("t").equals("t@1"));
            assertEquals(200, three.health("ready"));
        }
    }
}
