package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.Control;
import io.metaie.testing.ServiceApp;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service comes up with another model than its tasks were adapted for: first an instance that carries out no
 * commands, then one that does.
 */
@Tag("faults")
class ChangedModelTest {

    private static final Path MODEL = Path.of("models", "metaie-mini");
    private static final String LATER = "{'type':'define-task','task':'later','labels':['A'],'commandId':'l'}";

    @TempDir
    Path directory;

    @Test
    void tasksGoOnWithTheMetaModel() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                Services services = new Services(broker.bootstrap())) {
            ServiceApp before = services.start("one");
            Control control = services.control;
            control.define("t", "['Word']");
            control.importAdapter("t", "i", TestAdapters.everyWord(Checkpoint.open(MODEL), "").bytes(), 500_000, "always");
            control.await("adapter-activated", "i", Control.PATIENCE);
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> before.adapter("t").equals("t@1"));
            before.app().kill();

            String model = "metaie.model=" + otherModel();
            ServiceApp reader = services.start("reader", model, "metaie.roles=extract,console", "metaie.http.control=true",
                    "metaie.http.token=secret");
            assertEquals("", reader.adapter("t"), "the meta-model");
            assertTrue(reader.healthBody("ready").contains("task t"), "the readiness of the task");
            HttpResponse<String> refused = reader.post("/api/control", LATER);
            assertEquals(401, refused.statusCode());
            assertEquals("Bearer", refused.headers().firstValue("WWW-Authenticate").orElse(""));
            assertEquals(401, reader.post("/api/control", LATER, "Authorization", "Bearer wrong").statusCode());
            assertEquals(202, reader.post("/api/control", LATER, "Authorization", "Bearer secret").statusCode());
            assertEquals(404, reader.get("/api/tasks/later").statusCode(), "nobody here carries out commands");

            ServiceApp owner = services.start("two", model);
            JsonNode event = control.await(e -> e.path("type").asText().equals("adapter-incompatible"), "event", Control.PATIENCE);
            assertEquals("t", event.path("task").asText());
            assertEquals(1, event.path("version").asInt());
            control.await("task-defined", "l", Control.PATIENCE);
            assertEquals(404, owner.post("/api/control", LATER).statusCode(), "closed beside brokers that others reach");
            control.send("{'type':'activate','task':'t','version':1,'commandId':'a'}");
            assertTrue(control.await("command-rejected", "a", Control.PATIENCE).path("reason").asText().contains("model"));
            for (ServiceApp service : new ServiceApp[] {reader, owner}) {
                assertEquals(0, service.task("t").path("active").asInt());
                assertEquals(1, service.task("t").at("/versions/0/version").asInt(), "it is still there");
                assertEquals("", service.adapter("t"));
            }
            assertEquals(List.of("reader", "two"), control.all("t").stream()
                    .filter(e -> e.path("type").asText().equals("adapter-incompatible"))
                    .map(e -> e.path("instance").asText()).sorted().toList(), "each says so once");
        }
    }

    /** The same model but for one bit. */
    private Path otherModel() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("model"));
        for (String file : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
            Files.copy(MODEL.resolve(file), copy.resolve(file));
        }
        try (RandomAccessFile weights = new RandomAccessFile(copy.resolve("model.safetensors").toFile(), "rw")) {
            weights.seek(weights.length() - 2);
            int low = weights.read();
            weights.seek(weights.length() - 2);
            weights.write(low ^ 1);
        }
        return copy;
    }
}
