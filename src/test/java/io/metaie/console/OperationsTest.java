package io.metaie.console;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.metaie.record.Reason;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators and programmers read: metrics and the API's description. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class OperationsTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "metaie_documents_total{outcome=\"extracted\"", "metaie_documents_total{outcome=\"dead-letter\"",
        "metaie_sentences_total", "metaie_queries_total", "metaie_tokens_total{kind=\"real\"",
        "metaie_tokens_total{kind=\"padding\"", "metaie_spans_total{label=\"other\"", "metaie_batch_size_count",
        "metaie_batch_fill_count", "metaie_document_latency_seconds_count", "metaie_document_service_seconds_count",
        "metaie_lag_records", "metaie_lag_seconds", "metaie_device{"
    })
    void metricsExistFromTheStart(String series) {
        String metrics = given().get("/q/metrics").then().statusCode(200).extract().asString();
        assertTrue(metrics.lines().anyMatch(line -> line.startsWith(series)), series + "\n" + metrics.lines()
                .filter(line -> line.startsWith("metaie_") && !line.contains("_bucket")).toList());
    }

    @Test
    void everyStageAndEveryReasonHasASeries() {
        String metrics = given().get("/q/metrics").then().extract().asString();
        for (String stage : Set.of("parse", "tokenize", "queue", "infer", "decode", "publish")) {
            assertTrue(metrics.contains("metaie_stage_duration_seconds_count{stage=\"" + stage + "\""), stage);
        }
        for (Reason reason : Reason.values()) {
            assertTrue(metrics.contains("metaie_dead_letters_total{reason=\"" + reason.wireName() + "\""), reason.wireName());
        }
        assertTrue(metrics.lines().filter(line -> line.startsWith("metaie_")).noneMatch(line -> line.endsWith("NaN")));
    }

    @Test
    void theApiIsDescribed() throws IOException {
        JsonNode api = openApi();
        JsonNode post = api.at("/paths/~1api~1extract/post");
        assertEquals("#/components/schemas/Document",
                post.at("/requestBody/content/application~1json/schema/$ref").asText(), post.toPrettyString());
        assertEquals("#/components/schemas/Extraction",
                post.at("/responses/200/content/application~1json/schema/$ref").asText(), post.toPrettyString());
        for (String status : Set.of("400", "413", "503")) {
            assertEquals("#/components/schemas/Problem",
                    post.at("/responses/" + status + "/content/application~1problem+json/schema/$ref").asText(), status);
        }
        assertTrue(post.path("parameters").isEmpty(), post.toPrettyString());
    }

    @ParameterizedTest
    @CsvSource({"/components/schemas/Document, document, ''", "/components/schemas/Extraction, extraction, ''",
        "/components/schemas/Span, extraction, /properties/spans/items"})
    void itsFieldsAreThoseOfTheMessages(String schema, String message, String part) throws IOException {
        JsonNode ours = openApi().at(schema);
        JsonNode theirs = new JsonMapper().readTree(Path.of("kafka", "schemas", message + ".json").toFile()).at(part);
        assertEquals(names(theirs.path("properties")), names(ours.path("properties")));
        assertEquals(theirs.path("required"), ours.path("required"));
    }

    private static JsonNode openApi() throws IOException {
        return new YAMLMapper().readTree(given().get("/q/openapi").then().statusCode(200).extract().asString());
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
