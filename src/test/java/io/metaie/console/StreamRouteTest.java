package io.metaie.console;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.BrokerResource;
import io.metaie.testing.Watcher;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code GET /api/stream} and what else the console reads. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class StreamRouteTest {

    @TestHTTPResource
    URI http;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    @Test
    void whatIsCommittedIsSeenWithItsText() {
        try (Watcher all = new Watcher(http, "text=true&events=extraction,dead-letter,stats")) {
            send("seen", "{'text':'😀 Ada Lovelace lives in Paris.','labels':['Person'],'metadata':{'a':\n1.50}}");
            send("broken", "{'text':7}");
            Watcher.Seen seen = all.await("the extraction", one -> is(one, "extraction", "/documentId", "seen"));
            assertEquals("😀 Ada Lovelace lives in Paris.", seen.data().path("text").asText());
            assertEquals(0, seen.data().path("textStart").asInt());
            assertEquals(2, seen.data().at("/spans/0/start").asInt());
            assertTrue(seen.id().startsWith("metaie.documents-"), seen.id());
            JsonNode letter = all.await("the dead letter", one -> is(one, "dead-letter", "/key", "broken")).data();
            assertEquals("missing-text", letter.path("reason").asText());
            JsonNode stats = all.await("a beat", one -> one.event().equals("stats")).data();
            assertTrue(stats.path("committedPerSecond").isNumber() && stats.path("lagRecords").isNumber(), stats.toString());
        }
    }

    @Test
    void oneDocumentIsFollowedAndOneTaskOrLabel() {
        try (Watcher one = new Watcher(http, "document=followed"); Watcher label = new Watcher(http, "label=City");
                Watcher events = new Watcher(http, "events=event&task=watched")) {
            send("other", "{'text':'Ada Lovelace.','labels':['Person']}");
            send("followed", "{'text':'Ada Lovelace lives in Paris.','labels':['Person','City']}");
            one.await("the document", seen -> is(seen, "extraction", "/documentId", "followed"));
            label.await("the document", seen -> is(seen, "extraction", "/documentId", "followed"));
            control("{\"type\":\"define-task\",\"task\":\"watched\",\"labels\":[\"A\"]}");
            control("{\"type\":\"define-task\",\"task\":\"not watched\",\"labels\":[\"A\"]}");
            control("{\"type\":\"delete-task\",\"task\":\"watched\"}");
            events.await("its end", seen -> is(seen, "event", "/type", "task-deleted"));
            assertFalse(one.seen().stream().anyMatch(seen -> is(seen, "extraction", "/documentId", "other")));
            assertFalse(label.seen().stream().anyMatch(seen -> is(seen, "extraction", "/documentId", "other")));
            assertTrue(events.seen().stream().filter(seen -> seen.event().equals("event"))
                    .allMatch(seen -> seen.data().path("task").asText().equals("watched")));
        }
    }

    @Test
    void whoLeavesIsNoticed() {
        Watcher watcher = new Watcher(http, "");
        assertTrue(clients() >= 1);
        watcher.close();
        await().atMost(Duration.ofSeconds(30)).until(() -> clients() == 0);
    }

    @ParameterizedTest
    @CsvSource({"events=everything", "max=-1", "max=many"})
    void aQueryThatMeansNothingIsRefused(String query) {
        given().get("/api/stream?" + query).then().statusCode(400).contentType("application/problem+json")
                .body("type", equalTo("urn:metaie:problem:invalid-query"));
    }

    @Test
    void theLatestDeadLettersAreShownTheNewestFirst() {
        try (Watcher watcher = new Watcher(http, "events=dead-letter")) {
            send("first", "{'text':1}");
            send("second", "no labels".repeat(1_000), "text/latin");
            watcher.await("both", one -> is(one, "dead-letter", "/key", "first"));
        }
        String letters = given().get("/api/dead-letters?max=200").then().statusCode(200).extract().asString();
        assertTrue(letters.contains("\"missing-text\""), letters);
        given().get("/api/dead-letters?max=1").then().statusCode(200).body("size()", equalTo(1));
        given().get("/api/events?max=5").then().statusCode(200);
        given().get("/api/distillation").then().statusCode(200).body("on", equalTo(false), "waiting", equalTo(0));
        given().get("/api/service").then().statusCode(200)
                .body("control.open", equalTo(true), "control.token", equalTo(false), "instance", equalTo("test"));
    }

    @ParameterizedTest
    @CsvSource({"/", "/console/app.js", "/api/tasks", "/q/openapi", "/nothing"})
    void browsersAreToldWhatTheyMayDo(String path) {
        given().get(path).then()
                .header("Content-Security-Policy", containsString("default-src 'none'; script-src 'self' 'sha256-"))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("X-Content-Type-Options", equalTo("nosniff"))
                .header("Referrer-Policy", equalTo("no-referrer"))
                .header("Cache-Control", containsString(path.equals("/nothing") ? "" : "no-cache"));
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site,cross-site", "Sec-Fetch-Site,same-site", "Origin,https://example.org", "Origin,null"})
    void pagesOfOtherSitesWriteNothing(String header, String value) {
        for (String path : new String[] {"/api/control", "/api/extract"}) {
            given().header(header, value).contentType("text/plain").body("{\"type\":\"delete-task\",\"task\":\"a\"}").post(path)
                    .then().statusCode(403).body("type", equalTo("urn:metaie:problem:cross-origin"));
        }
    }

    @Test
    void ourOwnPagesMay() {
        given().header("Sec-Fetch-Site", "same-origin").header("Origin", "http://localhost:" + http.getPort())
                .contentType("application/json").body("{\"text\":\"Ada.\",\"labels\":[\"Person\"]}").post("/api/extract")
                .then().statusCode(200);
        given().header("Origin", "http://localhost:" + http.getPort())
                .contentType("application/json").body("{\"text\":\"Ada.\",\"labels\":[\"Person\"]}").post("/api/extract")
                .then().statusCode(200);
    }

    /** Who listens on the loopback address only is called by its names only: else any page could let a name point there. */
    @Test
    void anotherNameForThisMachineIsNotAnswered() {
        given().header("Host", "evil.example:" + http.getPort()).get("/api/tasks").then().statusCode(403)
                .body("type", equalTo("urn:metaie:problem:unknown-host"));
        given().header("Host", "127.0.0.1:" + http.getPort()).get("/api/tasks").then().statusCode(200);
    }

    /** In HTTP/2 there is no header Host. */
    @Test
    void whoSpeaksAnotherVersionOfHttpIsAnsweredAsWell() throws Exception {
        HttpClient http2 = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpRequest request = HttpRequest.newBuilder(http.resolve("/api/tasks")).build();
        for (int i = 0; i < 2; i++) { // the first one asks for the other version
            HttpResponse<String> answer = http2.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
        }
        HttpResponse<String> write = http2.send(HttpRequest.newBuilder(http.resolve("/api/extract"))
                .header("Origin", "http://" + http.getHost() + ":" + http.getPort()).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"Ada.\",\"labels\":[\"Person\"]}")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, write.statusCode(), write.body());
    }

    private static boolean is(Watcher.Seen seen, String event, String field, String value) {
        return seen.event().equals(event) && seen.data().at(field).asText().equals(value);
    }

    private static double clients() {
        return given().get("/q/metrics").asString().lines().filter(line -> line.startsWith("metaie_stream_clients "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    private static void control(String command) {
        given().contentType("application/json").body(command).post("/api/control").then().statusCode(202);
    }

    private void send(String key, String value) {
        send(key, value.replace('\'', '"'), "application/json");
    }

    private void send(String key, String value, String contentType) {
        try (Producer<byte[], byte[]> producer = new KafkaClients(KafkaSettings.of(bootstrap)).producer("stream", Map.of())) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("metaie.documents", key.getBytes(UTF_8), value.getBytes(UTF_8));
            record.headers().add("content-type", contentType.getBytes(UTF_8));
            producer.send(record);
        }
    }
}
