package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
@Tag("faults")
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
            ServiceApp four = services.start("four", "metaie.roles=extract,console");
            assertEquals("", three.adapter("t"), "the meta-model, since nothing better is left");
            assertEquals(1, three.task("t").path("active").asInt(), "what was commanded stands");
            for (ServiceApp service : new ServiceApp[] {three, four}) {
                assertTrue(service.healthBody("ready").contains("task t"), service.healthBody("ready"));
                assertTrue(service.app().err().contains("cannot be used here"));
            }
            for (String instance : new String[] {"one", "four"}) {
                JsonNode event = control.await(e -> isIncompatible(e) && e.path("instance").asText().equals(instance),
                        "event of " + instance, Control.PATIENCE);
                assertTrue(event.path("reason").asText().contains("missing"), event.toString());
            }

            control.overwrite(part, file);
            control.send("{'type':'activate','task':'t','version':1,'commandId':'again'}");
            control.await("adapter-activated", "again", Control.PATIENCE);
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> three.adapter("t").equals("t@1"));
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> four.adapter("t").equals("t@1"));
            assertEquals(200, three.health("ready"));
            assertFalse(four.healthBody("ready").contains("task t"), four.healthBody("ready"));
            assertEquals(2, control.all("t").stream().filter(AdapterLostTest::isIncompatible).count(), "each said so once");
        }
    }

    private static boolean isIncompatible(JsonNode event) {
        return event.path("type").asText().equals("adapter-incompatible");
    }
}
