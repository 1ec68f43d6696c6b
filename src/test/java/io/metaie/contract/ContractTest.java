package io.metaie.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds the service to its contract, case by case, from outside: all cases of a class are written at once, each between
 * good documents that must come out untouched, and every answer is read back. The same values over HTTP must get the
 * same answers.
 */
abstract class ContractTest {

    static final String PROBE = "probe";
    private static final int PARTITIONS = 4;
    private static final JsonMapper JSON = new JsonMapper();

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    /** What is asked, in order; titles are unique. */
    abstract List<Case> cases();

    /** How long all of it may take. */
    Duration patience() {
        return Duration.ofMinutes(3);
    }

    static Case probe() {
        return Case.document(PROBE, "Ada Lovelace lives in Paris.", "Person", "City")
                .finds("Person", "Ada Lovelace", 0)
                .finds("City", "Paris", 22)
                .sentences(1)
                .like(PROBE)
                .check(found -> assertEquals(2, found.json().path("spans").size()));
    }

    @TestFactory
    Stream<DynamicTest> throughKafka() throws Exception {
        List<Answered> answers = Answered.of(betweenProbes(cases()), bootstrap, patience());
        Map<String, Answered> byTitle = new HashMap<>();
        answers.forEach(answer -> byTitle.putIfAbsent(answer.asked().title(), answer));
        Map<Boolean, List<Answered>> probes =
                answers.stream().collect(Collectors.partitioningBy(answer -> answer.asked().title().equals(PROBE)));
        return Stream.concat(
                probes.get(false).stream().map(answer -> dynamicTest(answer.name(), () -> answer.verify(byTitle))),
                Stream.of(
                        dynamicTest("the probes between come out untouched",
                                () -> probes.get(true).forEach(answer -> answer.verify(byTitle))),
                        dynamicTest("alive, ready and without lag behind it", ContractTest::alive)));
    }

    @TestFactory
    Stream<DynamicTest> overHttp() {
        HttpClient client = HttpClient.newHttpClient();
        return cases().stream().filter(Case::goesOverHttp)
                .map(asked -> dynamicTest(asked.title(), () -> verifyOverHttp(asked, client)));
    }

    /** Each case stands behind a probe and before another, of its own partition. */
    private static List<List<Case>> betweenProbes(List<Case> cases) {
        List<List<Case>> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> (List<Case>) new ArrayList<>(List.of(probe())))
                .toList();
        for (int i = 0; i < cases.size(); i++) {
            partitions.get(i % PARTITIONS).addAll(List.of(cases.get(i), probe()));
        }
        return partitions;
    }

    static void alive() {
        assertEquals(200, RestAssured.get("/q/health/live").statusCode());
        assertEquals(200, RestAssured.get("/q/health/ready").statusCode());
        await().until(() -> RestAssured.get("/q/metrics").body().asString().lines()
                .anyMatch(line -> line.startsWith("metaie_lag_records") && line.endsWith(" 0.0")));
    }

    private static void verifyOverHttp(Case asked, HttpClient client) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://localhost:" + RestAssured.port + "/api/extract"));
        asked.contentType().ifPresent(type -> request.header("content-type", type));
        HttpResponse<byte[]> response = client.send(
                request.POST(BodyPublishers.ofByteArray(asked.value().orElseThrow())).build(), BodyHandlers.ofByteArray());
        if (asked.reason().isEmpty()) {
            assertEquals(200, response.statusCode(), () -> new String(response.body(), UTF_8));
            asked.verify(Promises.extraction(asked.text(), response.body()), Optional.empty());
            return;
        }
        assertEquals(asked.reason().get().equals("too-large") ? 413 : 400, response.statusCode());
        assertEquals("application/problem+json", response.headers().firstValue("content-type").orElse(""));
        JsonNode problem = JSON.readTree(response.body());
        assertTrue(problem.path("type").asText().endsWith(asked.reason().get()), problem::toString);
    }
}
