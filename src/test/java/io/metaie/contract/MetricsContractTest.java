package io.metaie.contract;

import static io.metaie.contract.Case.document;
import static io.metaie.contract.Case.value;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Prometheus reads. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class MetricsContractTest {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    @Test
    void everyMeterIsThereFiniteAndCountsWhatIsAnswered() throws Exception {
        Map<String, Double> before = metrics();
        String text = "Ada Lovelace lives in Paris. She works.";
        String[] many = IntStream.range(0, 500).mapToObj(i -> i == 0 ? "Person" : "L" + i).toArray(String[]::new);
        Answered.of(List.of(List.of(
                document("found", text, "Person", "City"),
                document("many labels", "Ada Lovelace.", many),
                value("no JSON", "{").contentType("application/json"),
                value("no text", "{}"))), bootstrap, Duration.ofMinutes(1));
        // Counted after the commit, so an answer may be read before it is counted.
        await().until(() -> grown(before, "metaie_documents_total{outcome=\"extracted\"}") == 2
                && grown(before, "metaie_documents_total{outcome=\"dead-letter\"}") == 2);
        assertEquals(1, grown(before, "metaie_dead_letters_total{reason=\"invalid-json\"}"));
        assertEquals(1, grown(before, "metaie_dead_letters_total{reason=\"missing-text\"}"));
        assertEquals(0, grown(before, "metaie_dead_letters_total{reason=\"failed\"}"));
        // Work that was done: a batch that a rebalance took away is answered again.
        assertTrue(grown(before, "metaie_sentences_total") >= 3);
        assertTrue(grown(before, "metaie_queries_total") >= 2 * 2 + 500);
        assertTrue(grown(before, "metaie_tokens_total{kind=\"real\"}") > 2 * 10 + 500 * 5);
        assertTrue(grown(before, "metaie_spans_total{label=\"Person\"}") >= 2);
        assertTrue(grown(before, "metaie_batch_size_sum") >= 504);
        assertTrue(grown(before, "metaie_batch_fill_count") >= 1);
        for (String stage : List.of("parse", "tokenize", "queue", "infer", "decode", "publish")) {
            assertTrue(grown(before, "metaie_stage_duration_seconds_count{stage=\"" + stage + "\"}") >= 1, stage);
        }
        assertEquals(4, grown(before, "metaie_document_latency_seconds_count"));
        assertEquals(4, grown(before, "metaie_document_service_seconds_count"));
        Map<String, Double> after = metrics();
        for (String gauge : List.of("metaie_lag_records", "metaie_lag_seconds", "metaie_distillation_lag_records", "metaie_tokens_total{kind=\"padding\"}",
                "metaie_dead_letters_total{reason=\"teacher-refused\"}", "metaie_dead_letters_total{reason=\"unknown-task\"}",
                "metaie_adaptations_total{outcome=\"completed\"}", "metaie_adaptations_total{outcome=\"failed\"}",
                "metaie_llm_requests_total{outcome=\"answered\"}", "metaie_llm_tokens_total{kind=\"prompt\"}",
                "metaie_llm_cost_total", "metaie_distillation_examples_total",
                "metaie_distillation_pairs_total{outcome=\"not-in-sentence\"}")) {
            assertTrue(after.containsKey(gauge), gauge);
        }
        assertTrue(after.keySet().stream().anyMatch(name -> name.startsWith("metaie_device{")));
        after.forEach((name, value) -> assertTrue(Double.isFinite(value) && value >= 0, name));
        assertEquals(series(before), series(after), "labels that publishers choose make no series");
    }

    private static long series(Map<String, Double> metrics) {
        return metrics.keySet().stream().filter(name -> name.startsWith("metaie_spans")).count();
    }

    private static double grown(Map<String, Double> before, String name) {
        return metrics().getOrDefault(name, Double.NaN) - before.getOrDefault(name, Double.NaN);
    }

    private static Map<String, Double> metrics() {
        Map<String, Double> metrics = new TreeMap<>();
        RestAssured.get("/q/metrics").body().asString().lines()
                .filter(line -> line.startsWith("metaie_"))
                .forEach(line -> metrics.put(
                        line.substring(0, line.lastIndexOf(' ')), Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
        return metrics;
    }
}
