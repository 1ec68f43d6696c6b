package io.metaie.control;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.testing.BrokerResource;
import io.metaie.testing.Control;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Adaptations through the running service: made, swapped in, rolled back, and what goes wrong with them. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class AdaptTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String EXAMPLES = "["
            + "{'text':'Zorblax met Quimby.','spans':[{'label':'gadget','text':'Zorblax'}]},"
            + "{'text':'We bought a Zorblax yesterday.','spans':[{'label':'gadget','text':'Zorblax'}]},"
            + "{'text':'Nothing of note.','spans':[]}]";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    private Control control;

    @BeforeEach
    void begin() {
        Awaitility.await().atMost(PATIENCE).until(() -> RestAssured.get("/q/health/ready").statusCode() == 200);
        control = new Control(bootstrap);
    }

    @AfterEach
    void end() {
        control.close();
    }

    private void define(String task) {
        String id = UUID.randomUUID().toString();
        control.send("{'type':'define-task','task':'" + task + "','labels':['gadget'],'commandId':'" + id + "'}");
        control.await("task-defined", id, PATIENCE);
    }

    private void adapt(String task, String id, String options) {
        control.send("{'type':'adapt','task':'" + task + "','commandId':'" + id + "','examples':" + EXAMPLES
                + ",'options':" + options + "}");
    }

    private static JsonNode extract(String task) throws Exception {
        return new JsonMapper().readTree(given().contentType("application/json")
                .body("{\"text\":\"Zorblax met Quimby.\",\"task\":\"" + task + "\"}")
                .post("/api/extract").then().statusCode(200).extract().asString());
    }

    @Test
    void aVersionIsMadeServedAndRolledBack() throws Exception {
        define("a/dapted");
        String id = UUID.randomUUID().toString();
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

        control.send("{'type':'evaluate','task':'a/dapted','commandId':'" + id + "e','version':1,'examples':" + EXAMPLES + "}");
        assertEquals(1.0, control.await("evaluation-completed", id + "e", PATIENCE).at("/micro/f1").asDouble());

        control.send("{'type':'activate','task':'a/dapted','version':0,'commandId':'" + id + "0'}");
        assertEquals(1, control.await("adapter-activated", id + "0", PATIENCE).path("previous").asInt());
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !extract("a/dapted").has("adapter"));
        control.send("{'type':'delete-task','task':'a/dapted','commandId':'" + id + "d'}");
        control.await("task-deleted", id + "d", PATIENCE);
    }

    @Test
    void twoAtOnceMakeTwoVersionsAndTheSameCommandOne() {
        define("twice");
        String id = UUID.randomUUID().toString();
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
        String id = UUID.randomUUID().toString();
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

    @Test
    void deletingATaskEndsItsAdaptation() {
        define("short-lived");
        String id = UUID.randomUUID().toString();
        adapt("short-lived", id, "{'epochs':1000,'activate':'always'}");
        control.await("adaptation-started", id, PATIENCE);
        control.send("{'type':'delete-task','task':'short-lived','commandId':'" + id + "d'}");
        control.await("task-deleted", id + "d", PATIENCE);
        assertTrue(control.await("adaptation-failed", id, PATIENCE).path("reason").asText().contains("deleted"));
        define("short-lived");
        RestAssured.get("/api/tasks/short-lived").then().body("versions.size()", equalTo(0));
    }
}
