package io.metaie.console;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesRegex;
import static org.hamcrest.Matchers.not;

import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /api/extract} beyond what holds for every document: how problems look, and when there is no room. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class ExtractResourceTest {

    private static final String PROBE =
            "{\"id\":\"probe\",\"text\":\"Ada Lovelace lives in Paris.\",\"labels\":[\"Person\",\"City\"]}";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int REQUESTS = 64; // metaie.http.requests

    @TestHTTPResource
    URI http;

    private static ValidatableResponse extract(String contentType, byte[] body) {
        return given().config(RestAssuredConfig.config().encoderConfig(EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType(contentType).body(body).post("/api/extract").then();
    }

    private static ValidatableResponse extract(String json) {
        return extract("application/json", json.getBytes(UTF_8));
    }

    private static void problem(ValidatableResponse response, int status, String title, String reason) {
        response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:metaie:problem:" + reason))
                .body("title", equalTo(title))
                .body("status", equalTo(status))
                .body("detail", not(matchesRegex("(?s).*(\\tat |\\.java|io\\.metaie|Exception| /[a-z]+/).*")));
    }

    @Test
    void anExtractionIsAnsweredAsOnTheTopic() {
        extract(PROBE).statusCode(200)
                .contentType("application/json")
                .body("documentId", equalTo("probe"))
                .body("model", matchesRegex("metaie-mini@[0-9a-f]{12}"))
                .body("spans.label", contains("Person", "City"))
                .body("spans.text", contains("Ada Lovelace", "Paris"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"text\":\"a\"|invalid-json", "{\"text\":5}|missing-text", "{\"text\":\"a\",\"labels\":[\"\"]}|invalid-labels",
        "{\"text\":\"a\",\"task\":\"nobody\"}|unknown-task"
    })
    void whatWouldBeADeadLetterIsAProblem(String json, String reason) {
        problem(extract(json), 400, "Bad Request", reason);
        extract(PROBE).statusCode(200);
    }

    @Test
    void bytesThatAreNoDocumentAreAProblem() {
        problem(extract("application/json", new byte[] {'{', (byte) 0xff, '}'}), 400, "Bad Request", "invalid-utf8");
        problem(extract("text/plain; charset=iso-8859-1", "Ada".getBytes(UTF_8)), 400, "Bad Request", "invalid-utf8");
        problem(given().contentType("application/json").post("/api/extract").then(), 400, "Bad Request", "empty-record");
    }

    @Test
    void aDocumentThatNeedsTooManyQueriesIsTooLarge() {
        String labels = IntStream.range(0, 1_000).mapToObj(i -> "\"L" + i + "\"").collect(Collectors.joining(","));
        problem(extract("{\"text\":\"" + "Ada flew. ".repeat(101) + "\",\"labels\":[" + labels + "]}"),
                413, "Request Entity Too Large", "too-large");
    }

    @Test
    void otherPathsMethodsAndTypesAreProblemsToo() {
        problem(given().get("/api/nothing").then(), 404, "Not Found", "not-found");
        problem(given().get("/api/extract").then(), 405, "Method Not Allowed", "method-not-allowed");
        problem(given().accept("text/html").body("a").post("/api/extract").then(), 406, "Not Acceptable", "not-acceptable");
    }

    /** As many long documents as may be in work; when their clients go away, they take their queries with them. */
    @Test
    void whoeverFindsNoRoomIsToldToComeAgain() throws IOException {
        byte[] document = ("{\"labels\":[\"Person\"],\"text\":\"" + "Ada flew. ".repeat(2_000) + "\"}").getBytes(UTF_8);
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < REQUESTS; i++) {
                clients.add(send(document));
            }
            // A probe that came before the last of them has its place, and leaves it to another.
            await().atMost(PATIENCE).until(() -> statusOfProbe() == 503 || !clients.add(send(document)));
            problem(extract(PROBE).header("Retry-After", "1"), 503, "Service Unavailable", "unavailable");
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
        await().atMost(PATIENCE).until(() -> extract(PROBE).extract().statusCode() == 200);
    }

    private Socket send(byte[] document) throws IOException {
        Socket client = new Socket(http.getHost(), http.getPort());
        OutputStream out = client.getOutputStream();
        out.write(("POST /api/extract HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + document.length + "\r\n\r\n").getBytes(UTF_8));
        out.write(document);
        return client;
    }

    /** 0 while it has a place and waits. */
    private int statusOfProbe() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(http.resolve("/api/extract"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(2))
                .POST(HttpRequest.BodyPublishers.ofString(PROBE))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (HttpTimeoutException e) {
            return 0;
        }
    }
}
