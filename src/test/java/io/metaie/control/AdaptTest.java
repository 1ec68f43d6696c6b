package io.metaie.control;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.testing.BrokerControl;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Adaptations through the running service: made, swapped in, rolled back, and what goes wrong with them. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class AdaptTest extends CommandedService {

    private void define(String task) {
        control.define(task, "['gadget']");
    }

    private static JsonNode extract(String task) throws Exception {
        return extract("{'text':'Zorblax met Quimby.','task':'" + task + "'}", 200);
    }

    @Test
    void aVersionIsMadeServedAndRolledBack() throws Exception {
        define("a/dapted");
        String id = newId();
        adapt("a/dapted", id, "{'epochs':30,'activate':'always','rank':4}");
        JsonNode completed = control.await("adaptation-completed", id, PATIENCE);
        assertTrue(completed.path("activated").asBoolean(), completed.toString());
        assertTrue(completed.path("f1").isNull(), "three examples are too few to measure on");
        assertEquals(1, control.await("adapter-activated", id, PATIENCE).path("version").asInt());
        JsonNode started = control.await("adaptation-started", id, PATIENCE);
        assertEquals(List.of(3, 2, 0), List.of(started.path("sentences").asInt(), started.path("spans").asInt(),
                started.path("skipped").asInt()));
        assertTrue(control.await("adaptation-progress", id, PATIENCE).path("loss").isNumber());
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> extract("a/dapted").has("adapter"));
        JsonNode extraction = extract("a/dapted");
        assertEquals("a/dapted@1", extraction.path("adapter").asText());
        assertEquals("Zorblax", extraction.at("/spans/0/text").asText());
        RestAssured.given().urlEncodingEnabled(false).get("/api/tasks/a%2Fdapted").then().statusCode(200)
                .body("active", equalTo(1)).body("versions.version", hasItems(1));

        command("evaluate", "a/dapted", id + "e", "'version':1,'examples':" + EXAMPLES);
        assertEquals(1.0, control.await("evaluation-completed", id + "e", PATIENCE).at("/micro/f1").asDouble());

        command("activate", "a/dapted", id + "0", "'version':0");
        assertEquals(1, control.await("adapter-activated", id + "0", PATIENCE).path("previous").asInt());
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !extract("a/dapted").has("adapter"));
        command("delete-task", "a/dapted", id + "d", "");
        control.await("task-deleted", id + "d", PATIENCE);
    }

    @Test
    void twoAtOnceMakeTwoVersionsAndTheSameCommandOne() {
        define("twice");
        String id = newId();
        for (String one : List.of("a", "b", "a")) {
            adapt("twice", id + one, "{'epochs':1,'activate':'never'}");
        }
        Set<Integer> versions = new HashSet<>();
        for (String one : List.of("a", "b")) {
            versions.add(control.await("adaptation-completed", id + one, PATIENCE).path("version").asInt());
            assertEquals(1, control.of(id + one).stream()
                    .filter(event -> event.path("type").asText().equals("adaptation-started")).count());
        }
        assertEquals(Set.of(1, 2), versions);
        RestAssured.get("/api/tasks/twice").then().body("active", equalTo(0)).body("versions.version", equalTo(List.of(1, 2)));
    }

    @Test
    void aLossThatIsNoNumberFailsAndActivatesNothing() throws Exception {
        define("exploding");
        String id = newId();
        adapt("exploding", id, "{'epochs':50,'learningRate':1000,'activate':'always'}");
        String reason = control.await("adaptation-failed", id, PATIENCE).path("reason").asText();
        assertTrue(reason.contains("a lower learning rate may help"), reason);
        assertFalse(extract("exploding").has("adapter"));
        RestAssured.get("/api/tasks/exploding").then().body("active", equalTo(0)).body("versions.size()", equalTo(0));
        assertEquals(List.of("adaptation-started", "adaptation-failed"), control.of(id).stream()
                .map(event -> event.path("type").asText()).filter(type -> !type.equals("adaptation-progress")).toList());
        for (JsonNode event : control.of(id)) {
            assertTrue(event.path("loss").isMissingNode() || event.path("loss").isNumber() || event.path("loss").isNull());
        }
    }

    /** Weights that were ruined by too large steps: they do not come into force, and other tasks answer as before. */
    @Test
    void aWorseVersionHarmsNobody() throws Exception {
        control.define("people", "['Person','City']");
        define("ruined");
        String document = "{'text':'Ada Lovelace lives in Paris.','task':'people'}";
        JsonNode before = extract(document, 200).path("spans");
        String id = newId();
        adapt("ruined", id, "{'epochs':5,'learningRate':0.05,'activate':'if-better'}");
        JsonNode end = control.await(event -> event.path("commandId").asText().equals(id)
                && List.of("adaptation-completed", "adaptation-failed").contains(event.path("type").asText()), "end", PATIENCE);
        assertFalse(end.path("activated").asBoolean(), end.toString());
        assertFalse(end.path("reason").asText().isEmpty());
        assertFalse(extract("ruined").has("adapter"));
        assertEquals(before, extract(document, 200).path("spans"));
    }

    @Test
    void deletingATaskEndsItsAdaptation() {
        define("short-lived");
        String id = newId();
        adapt("short-lived", id, "{'epochs':1000,'activate':'always'}");
        control.await("adaptation-started", id, PATIENCE);
        command("delete-task", "short-lived", id + "d", "");
        control.await("task-deleted", id + "d", PATIENCE);
        assertTrue(control.await("adaptation-failed", id, PATIENCE).path("reason").asText().contains("deleted"));
        define("short-lived");
        RestAssured.get("/api/tasks/short-lived").then().body("versions.size()", equalTo(0));
        adapt("short-lived", id + "2", "{'epochs':1,'activate':'never'}");
        assertEquals(2, control.await("adaptation-completed", id + "2", PATIENCE).path("version").asInt(),
                "numbers of versions are not given again");
    }

    @Test
    void commandsBehindAnAdaptationTakeEffectInOrderAndThoseOfOtherTasksAtOnce() throws Exception {
        define("orderly");
        String id = newId();
        adapt("orderly", id + "a", "{'epochs':30,'activate':'never'}");
        command("activate", "orderly", id + "b", "'version':" + 1);
        command("evaluate", "orderly", id + "c", "'examples':" + EXAMPLES);
        command("define-task", "orderly", id + "d", "'labels':['else']");
        command("evaluate", "orderly", id + "e", "'examples':[{'text':'Zorblax met Quimby.','spans':[]}]");
        define("unhurried");
        assertTrue(control.of(id + "a").stream().noneMatch(event -> event.path("type").asText().equals("adaptation-completed")),
                "another task waited for the adaptation");
        assertEquals("", adapter("orderly"));
        assertEquals(1, control.await("evaluation-completed", id + "c", PATIENCE).path("version").asInt());
        JsonNode last = control.await("evaluation-completed", id + "e", PATIENCE);
        assertTrue(last.path("labels").has("else"), last.toString());
        List<String> told = control.all("orderly").stream()
                .filter(event -> event.path("commandId").asText().startsWith(id))
                .map(event -> event.path("type").asText()).filter(type -> !type.equals("adaptation-progress")).toList();
        assertEquals(List.of("adaptation-started", "adaptation-completed", "adapter-activated", "evaluation-completed",
                "task-defined", "evaluation-completed"), told);
        assertEquals("orderly@" + 1, adapter("orderly"));
        command("delete-task", "orderly", id + "f", "");
        control.await("task-deleted", id + "f", PATIENCE);
    }

    @Test
    void anAdaptationGoesOnWhenTheBrokerComesBack() {
        define("patient");
        String id = newId();
        adapt("patient", id, "{'epochs':20,'activate':'always'}");
        control.await("adaptation-started", id, PATIENCE);
        BrokerControl.stop();
        BrokerControl.start();
        JsonNode completed = control.await("adaptation-completed", id, PATIENCE);
        assertTrue(completed.path("activated").asBoolean());
        assertEquals(1, control.of(id).stream().filter(event -> event.path("type").asText().equals("adaptation-started")).count());
        RestAssured.get("/api/tasks/patient").then().body("active", equalTo(1)).body("versions.size()", equalTo(1));
    }
}
