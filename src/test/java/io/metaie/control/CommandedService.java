package io.metaie.control;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.testing.Control;
import io.restassured.RestAssured;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of commands share: the service, ready, and somebody who publishes commands and reads events. */
abstract class CommandedService {

    static final Duration PATIENCE = Control.PATIENCE;
    /** Three sentences of gadgets, from which little is learned soon. */
    static final String EXAMPLES = "["
            + "{'text':'Zorblax met Quimby.','spans':[{'label':'gadget','text':'Zorblax'}]},"
            + "{'text':'We bought a Zorblax yesterday.','spans':[{'label':'gadget','text':'Zorblax'}]},"
            + "{'text':'Nothing of note.','spans':[]}]";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    Control control;

    @BeforeEach
    void begin() {
        Awaitility.await().atMost(PATIENCE).until(() -> RestAssured.get("/q/health/ready").statusCode() == 200);
        control = new Control(bootstrap);
    }

    @AfterEach
    void end() {
        control.close();
    }

    /** An id that no command had before. */
    static String newId() {
        return UUID.randomUUID().toString();
    }

    /** Publishes a command; {@code fields} are those beside type, task and id. */
    void command(String type, String task, String id, String fields) {
        control.send("{'type':'" + type + "','task':'" + task + "','commandId':'" + id + "'"
                + (fields.isEmpty() ? "" : "," + fields) + "}");
    }

    void adapt(String task, String id, String options) {
        command("adapt", task, id, "'examples':" + EXAMPLES + ",'options':" + options);
    }

    static JsonNode extract(String document, int status) throws IOException {
        return new JsonMapper().readTree(given().contentType("application/json").body(document.replace('\'', '"'))
                .post("/api/extract").then().statusCode(status).extract().asString());
    }

    /** How answers of a task name the version that gives them just now; nothing for the meta-model. */
    static String adapter(String task) throws IOException {
        return extract("{'text':'Zorblax met Quimby.','task':'" + task + "'}", 200).path("adapter").asText();
    }
}
