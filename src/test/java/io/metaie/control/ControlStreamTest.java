package io.metaie.control;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands in, tasks and events out. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class ControlStreamTest extends CommandedService {

    private JsonNode define(String task, String labels) {
        return control.define(task, labels);
    }

    @Test
    void aTaskIsDefinedUsedAndDeleted() throws Exception {
        JsonNode defined = define("people", "['Person', {'name': 'lives in', 'of': 'Person'}]");
        assertEquals("people", defined.path("task").asText());
        assertEquals("test", defined.path("instance").asText());
        assertEquals("Person", defined.at("/labels/0").asText());
        assertEquals("Person", defined.at("/labels/1/of").asText());
        JsonNode extraction = extract("{'text':'Ada Lovelace lives in Paris.','task':'people'}", 200);
        assertEquals("people", extraction.path("task").asText());
        assertFalse(extraction.has("adapter"));
        assertEquals("Ada Lovelace", extraction.at("/spans/0/text").asText());
        RestAssured.get("/api/tasks/people").then().statusCode(200).body("active", equalTo(0))
                .body("versions.size()", equalTo(0)).body("threshold", equalTo(0f)).body("exclusive", equalTo(false));

        control.send("{'type':'delete-task','task':'people','commandId':'gone'}");
        control.await("task-deleted", "gone", PATIENCE);
        RestAssured.get("/api/tasks").then().statusCode(200).body("task", not(hasItem("people")));
        RestAssured.get("/api/tasks/people").then().statusCode(404);
        Awaitility.await().atMost(PATIENCE).untilAsserted(() ->
                assertTrue(extract("{'text':'Ada.','task':'people'}", 400).path("type").asText().endsWith("unknown-task")));
    }

    @Test
    void commandsOfOneTaskTakeEffectInOrder() {
        String ids = UUID.randomUUID().toString();
        for (int i = 0; i < 20; i++) {
            control.send("{'type':'define-task','task':'order','labels':['L" + i + "'],'commandId':'" + ids + i + "'}");
        }
        control.await("task-defined", ids + 19, PATIENCE);
        RestAssured.get("/api/tasks/order").then().body("labels[0]", equalTo("L19"));
    }

    @Test
    void theSameCommandIsCarriedOutOnce() {
        String id = UUID.randomUUID().toString();
        for (int i = 0; i < 3; i++) {
            control.send("{'type':'define-task','task':'once','labels':['A'],'commandId':'" + id + "'}");
        }
        define("once-marker", "['A']");
        assertEquals(1, control.of(id).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "1", "\"x\"", "{'type':'define-task','task':'bad'}", "{'type':'fly','task':'bad'}",
        "{'type':'delete-task'}", "{'type':'delete-task','task':'nobody defined this'}",
        "{'type':'activate','task':'nobody defined this','version':0}", "{'type':'define-task','task':'','labels':['A']}"})
    void whatCannotBeCarriedOutIsRejectedWithItsReason(String command) {
        String unique = "'x" + UUID.randomUUID() + "'";
        String sent = command.startsWith("{'") ? "{'commandId':" + unique + "," + command.substring(1) : command;
        control.send(sent);
        JsonNode rejected = control.await(event -> event.path("type").asText().equals("command-rejected"), "rejection", PATIENCE);
        assertTrue(rejected.path("reason").asText().length() > 10, rejected.toString());
        if (sent.contains(unique)) {
            assertEquals(unique.replace("'", ""), rejected.path("commandId").asText());
            assertTrue(rejected.path("command").isObject());
        }
    }

    @Test
    void aTombstoneIsRejectedAndTheNextCommandFollows() {
        control.send((byte[]) null);
        control.send(new byte[] {(byte) 0xff, (byte) 0xfe});
        JsonNode defined = define("after-bad-ones", "['A']");
        assertEquals("after-bad-ones", defined.path("task").asText());
    }

    @Test
    void missingVersionsAreNotActivated() {
        define("versions", "['A']");
        for (String version : List.of("99", "-1", "\"1\"", "1.5")) {
            String id = UUID.randomUUID().toString();
            control.send("{'type':'activate','task':'versions','version':" + version + ",'commandId':'" + id + "'}");
            assertTrue(control.await("command-rejected", id, PATIENCE).path("reason").asText().contains("version"));
        }
        control.send("{'type':'activate','task':'versions','version':0,'commandId':'back'}");
        JsonNode activated = control.await("adapter-activated", "back", PATIENCE);
        assertEquals(0, activated.path("version").asInt());
        assertEquals(0, activated.path("previous").asInt());
    }

    @Test
    void aVersionIsEvaluated() {
        define("scored", "['Person']");
        control.send("{'type':'evaluate','task':'scored','commandId':'e','examples':["
                + "{'text':'Ada Lovelace lives in Paris.','spans':[{'label':'Person','text':'Ada Lovelace'}]}]}");
        JsonNode scores = control.await("evaluation-completed", "e", PATIENCE);
        assertEquals(1.0, scores.at("/micro/f1").asDouble(), scores.toString());
        assertEquals(1, scores.at("/labels/Person/support").asInt());
        control.send("{'type':'evaluate','task':'scored','commandId':'bad','examples':["
                + "{'text':'Ada.','spans':[]},{'text':'Ada.','spans':[{'label':'Person','text':'Bob'}]}]}");
        String reason = control.await("command-rejected", "bad", PATIENCE).path("reason").asText();
        assertTrue(reason.contains("examples[1]") && reason.contains("Bob"), reason);
        RestAssured.get("/api/tasks/scored").then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "ü🚀", "100%", "a?b#c", "<img src=x onerror=alert(1)>", "a/../b"})
    void oddNamesAreServedAtTheirEncodedPath(String name) {
        define(name, "['A']");
        String path = java.net.URLEncoder.encode(name, UTF_8).replace("+", "%20");
        given().urlEncodingEnabled(false).get("/api/tasks/" + path).then().statusCode(200).body("task", equalTo(name));
    }

    @Test
    void aThousandTasks() {
        String ids = UUID.randomUUID().toString();
        IntStream.range(0, 1_000).forEach(i -> control.send("{'type':'define-task','task':'many-" + i
                + "','labels':['A','B'],'commandId':'" + ids + i + "'}"));
        control.await("task-defined", ids + 999, PATIENCE);
        RestAssured.get("/api/tasks").then().statusCode(200).body("task", hasItem("many-999"));
        IntStream.range(0, 1_000).forEach(i -> control.send("{'type':'delete-task','task':'many-" + i
                + "','commandId':'d" + ids + i + "'}"));
        control.await("task-deleted", "d" + ids + 999, PATIENCE);
        RestAssured.get("/api/tasks").then().statusCode(200).body("task", not(hasItem("many-999")));
    }

    @Test
    void commandsComeOverHttpToo() {
        String id = given().body("{\"type\":\"define-task\",\"task\":\"web\",\"labels\":[\"A\"]}").post("/api/control")
                .then().statusCode(202).extract().path("commandId");
        control.await("task-defined", id, PATIENCE);
        for (String bad : List.of("{", "[]", "{\"type\":\"fly\",\"task\":\"web\"}", "{\"type\":\"delete-task\"}", "")) {
            given().body(bad).post("/api/control").then().statusCode(400)
                    .contentType("application/problem+json").body("type", equalTo("urn:metaie:problem:invalid-command"));
        }
        given().body(new byte[(4 << 20) + 1]).contentType("application/octet-stream").post("/api/control")
                .then().statusCode(413);
        RestAssured.get("/api/tasks/nobody").then().statusCode(404);
    }
}
