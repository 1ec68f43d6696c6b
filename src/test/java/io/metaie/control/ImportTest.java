package io.metaie.control;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.adapter.AdapterParts;
import io.metaie.adapter.AdapterStore;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Adapters made elsewhere: imported, and those that are not to be. Their parts may be damaged or lost later. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class ImportTest extends CommandedService {

    private static final int PART = 20_000;

    @Inject
    AdapterStore store;

    private Checkpoint checkpoint;

    @BeforeEach
    void open() throws Exception {
        checkpoint = Checkpoint.open(Path.of("models", "metaie-mini"));
    }

    private JsonNode imported(String task, AdapterFile file, String activate) {
        String id = newId();
        control.importAdapter(task, id, file.bytes(), PART, activate);
        return control.await(event -> event.path("commandId").asText().equals(id)
                && List.of("adaptation-completed", "command-rejected").contains(event.path("type").asText()), "end", PATIENCE);
    }

    @Test
    void anAdapterBecomesAVersion() throws Exception {
        control.define("im/ported", "['Word']");
        JsonNode completed = imported("im/ported", TestAdapters.everyWord(checkpoint, ""), "always");
        assertEquals("adaptation-completed", completed.path("type").asText(), completed.toString());
        assertTrue(completed.path("f1").isNull() && completed.path("activated").asBoolean());
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> adapter("im/ported").equals("im/ported@1"));
        assertEquals(4, extract("{'text':'Zorblax met Quimby.','task':'im/ported'}", 200).path("spans").size(),
                "the adapter says so of every word");
        store.present().get(10, TimeUnit.SECONDS);
        assertEquals(List.of(), store.uploads("im/ported"));
        assertEquals(2, imported("im/ported", TestAdapters.everyWord(checkpoint, "im/ported"), "never").path("version").asInt());
        assertEquals("im/ported@1", adapter("im/ported"));
        String gauge = "metaie_adapter_version{task=\"im/ported\"} ";
        assertTrue(RestAssured.get("/q/metrics").asString().contains(gauge + "1.0"));
        String id = newId();
        command("delete-task", "im/ported", id, "");
        control.await("task-deleted", id, PATIENCE);
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !RestAssured.get("/q/metrics").asString().contains(gauge));
    }

    @Test
    void whatDoesNotFitIsRejected() throws Exception {
        control.define("fussy", "['Word']");
        control.define("other labels", "['Word', 'Thing']");
        AdapterFile file = TestAdapters.everyWord(checkpoint, "fussy");
        Checkpoint tiny = Checkpoint.open(Path.of("src/test/resources/checkpoints/tiny-roberta"));
        rejected(imported("fussy", TestAdapters.everyWord(tiny, ""), "always"), "model");
        rejected(imported("other labels", TestAdapters.everyWord(checkpoint, ""), "always"), "\"Thing\"");
        rejected(imported("other labels", file, "always"), "\"fussy\"");
        rejected(imported("nobody defined this", file, "always"), "no task");
        String id = newId();
        command("import", "fussy", id, "'upload':'nothing','parts':1,'sha256':'" + "0".repeat(64) + "'");
        rejected(control.await("command-rejected", id, PATIENCE), "missing");
        String faulty = newId();
        control.overwrite(AdapterParts.uploadPrefix("fussy", faulty) + "0", file.bytes());
        command("import", "fussy", faulty, "'upload':'" + faulty + "','parts':1,'sha256':'x'");
        rejected(control.await("command-rejected", faulty, PATIENCE), "sha256");
        store.present().get(10, TimeUnit.SECONDS);
        assertEquals(List.of(), store.uploads("fussy"));
        assertEquals(List.of(), store.uploads("nobody defined this"));
        RestAssured.get("/api/tasks/fussy").then().body("active", equalTo(0)).body("versions.size()", equalTo(0));
    }

    private static void rejected(JsonNode event, String reason) {
        assertEquals("command-rejected", event.path("type").asText(), event.toString());
        assertTrue(event.path("reason").asText().contains(reason), event.toString());
    }

    @Test
    void aVersionOfWhichAPartIsLostOrDamagedIsNotActivated() throws Exception {
        control.define("broken", "['Word']");
        for (String activate : List.of("always", "never", "never")) {
            imported("broken", TestAdapters.everyWord(checkpoint, ""), activate);
        }
        control.overwrite(AdapterParts.keys(AdapterParts.prefix("broken", 2), 1).get(0), null);
        control.overwrite(AdapterParts.keys(AdapterParts.prefix("broken", 3), 1).get(0), new byte[PART]);
        String id = newId();
        command("activate", "broken", id + 2, "'version':2");
        command("activate", "broken", id + 3, "'version':3");
        rejected(control.await("command-rejected", id + 2, PATIENCE), "missing");
        rejected(control.await("command-rejected", id + 3, PATIENCE), "not what was written");
        assertEquals("broken@1", adapter("broken"));
        RestAssured.get("/api/tasks/broken").then().body("active", equalTo(1));
    }
}
