package io.metaie.distillation;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static io.metaie.distillation.http.FakeTeacher.completion;
import static io.metaie.distillation.http.FakeTeacher.json;
import static io.metaie.distillation.http.FakeTeacher.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.metaie.dataset.ExampleJson;
import io.metaie.distillation.http.FakeTeacher;
import io.metaie.kafka.DeadLetters;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests in, examples and dead letters out, through the packaged service and a broker, with a teacher that is a fake. */
@Tag("service")
class DistillationStreamTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private static final JsonSchema EXAMPLES = JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(Path.of("kafka", "schemas", "example.json").toUri());

    @TempDir
    Path directory;

    @Test
    void everySentenceIsAnExampleOrADeadLetterAndNoneIsPaidTwice() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                FakeTeacher fake = new FakeTeacher();
                Requests requests = new Requests(broker.bootstrap())) {
            fake.answers(says("- City: Paris\n- Person: Bob"));
            fake.server().stubFor(any(anyUrl()).atPriority(1).withRequestBody(containing("secret"))
                    .willReturn(says("I'm sorry, but I can't help with that.")));
            fake.server().stubFor(any(anyUrl()).atPriority(1).withRequestBody(containing("too long"))
                    .willReturn(json(400, "{\"error\":{\"message\":\"context length exceeded\"}}")));
            String[] settings = {"metaie.llm.base-url=" + fake.baseUrl(), "metaie.llm.model=fake", "metaie.llm.budget=5",
                "metaie.llm.price.input=1", "metaie.llm.price.output=2"};
            try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "one", settings).awaitReady()) {
                assertTrue(service.metrics().contains("metaie_llm_requests_total{outcome=\"refused\"} 0.0"), service.metrics());
                requests.send("r1", "{\"id\":\"x\",\"text\":\"Ada went to Paris. It is secret. 🚀 Paris again! This is too long.\"}");
                requests.send("", "Bob lives in Paris.");
                requests.send("", "Bob lives in Paris.");
                requests.send("", "{\"txt\":1}");
                requests.send("", "  ");
                requests.await(4 + 1 + 1 + 1 + 1, PATIENCE);
                TreeMap<String, JsonNode> examples = new TreeMap<>();
                for (ConsumerRecord<byte[], byte[]> record : requests.examples()) {
                    JsonNode example = JSON.readTree(record.value());
                    examples.put(example.path("text").asText(), example);
                    assertEquals(Template.hash(example.path("text").asText()), new String(record.key(), UTF_8));
                    assertEquals("io.metaie.example.v1", ExactlyOnce.header(record, "ce_type").orElseThrow());
                    assertEquals("fake", example.path("source").asText());
                    assertTrue(EXAMPLES.validate(example).isEmpty(), example.toString());
                    new ExampleJson(Optional.empty()).read(example);
                }
                assertEquals("[{\"label\":\"City\",\"start\":2,\"end\":7}]", examples.get("🚀 Paris again!").path("spans").toString());
                assertEquals("[{\"label\":\"Person\",\"start\":0,\"end\":3},{\"label\":\"City\",\"start\":13,\"end\":18}]",
                        examples.get("Bob lives in Paris.").path("spans").toString());
                assertEquals(List.of("missing-text", "missing-text", "teacher-refused", "teacher-refused"),
                        requests.letters().stream().map(r -> ExactlyOnce.header(r, DeadLetters.REASON).orElseThrow()).sorted().toList());
                assertEquals(5, fake.calls(), "a sentence that comes again is not asked again");
                org.awaitility.Awaitility.await().until(() ->
                        service.metrics().contains("metaie_llm_requests_total{outcome=\"refused\"} 2.0"));
            }
            String[] sampling = Arrays.copyOf(settings, settings.length + 1);
            sampling[settings.length] = "metaie.distillation.sample.rate=1";
            try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "two", sampling).awaitReady()) {
                requests.send("", "Bob lives in Paris. Ada went to Paris.");
                requests.await(10, PATIENCE);
                assertEquals(5, fake.calls(), "answers survive instances");
                fake.answers(json(401, "{\"error\":{\"message\":\"wrong key\"}}"));
                requests.send("", "Somebody else.");
                service.awaitHealth("ready", 503);
                org.awaitility.Awaitility.await().until(() -> service.healthBody("ready").contains("wrong key"));
                assertEquals(200, service.health("live"));
                fake.answers(says("None"));
                requests.await(11, PATIENCE);
                service.awaitHealth("ready", 200);
                requests.document("{\"text\":\"Grace lives in Rome. Bob lives in Paris.\",\"labels\":[\"Person\"]}");
                requests.await(13, PATIENCE);
                assertTrue(requests.examples().stream().map(r -> new String(r.value(), UTF_8))
                        .anyMatch(json -> json.contains("\"Grace lives in Rome.\"") && json.contains("\"request\":\"sample-")));
            }
        }
    }

    @Test
    @Tag("faults")
    void aKilledServiceLosesNoRequestAndPaysForNoneTwice() throws Exception {
        int sentences = 300;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                FakeTeacher fake = new FakeTeacher();
                Requests requests = new Requests(broker.bootstrap())) {
            fake.answers(json(200, completion("- Word: number", "stop", true)).withFixedDelay(20));
            String[] settings = {"metaie.llm.base-url=" + fake.baseUrl(), "metaie.llm.concurrency=8"};
            IntStream.range(0, sentences).forEach(i -> requests.send("", "This is number " + i + "."));
            try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "one", settings)) {
                org.awaitility.Awaitility.await().atMost(PATIENCE).until(() -> fake.calls() >= 100);
                service.app().kill();
            }
            try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "one", settings)) {
                requests.await(sentences, PATIENCE);
                assertTrue(service.app().isAlive());
            }
            int underWay = 8 + 8 / 4; // calls, and answers that have come and are being kept
            assertTrue(fake.calls() <= sentences + underWay, fake.calls() + " calls");
            assertEquals(sentences, requests.examples().stream().map(r -> new String(r.key(), UTF_8)).distinct().count());
        }
    }

    @Test
    void aBudgetWithoutPricesIsRefusedAtTheStart() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                ServiceApp service = ServiceApp.start(broker.bootstrap(), "one", "metaie.llm.base-url=http://127.0.0.1:1/v1",
                        "metaie.llm.budget=5")) {
            assertEquals(1, service.app().exitCode());
            assertTrue(service.app().err().contains("metaie.llm.price.input"), service.app().err());
        }
    }

    @Test
    @Tag("faults")
    void aSpentBudgetMakesRequestsWaitAndSaysSo() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                FakeTeacher fake = new FakeTeacher();
                Requests requests = new Requests(broker.bootstrap())) {
            fake.answers(says("None"));
            List<String> settings = new ArrayList<>(List.of("metaie.llm.base-url=" + fake.baseUrl(), "metaie.llm.price.input=1000",
                    "metaie.llm.price.output=1000", "metaie.llm.max-tokens=20", "metaie.llm.budget=0.5"));
            try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "one", settings.toArray(String[]::new)).awaitReady()) {
                IntStream.range(0, 10).forEach(i -> requests.send("", "This is number " + i + "."));
                org.awaitility.Awaitility.await().atMost(PATIENCE)
                        .until(() -> service.healthBody("ready").contains("budget"));
                assertEquals(200, service.health("live"));
            }
            // 0.12 USD a call that may cost 0.2: after three there is no room for a fourth.
            assertEquals(3, fake.calls());
            settings.set(4, "metaie.llm.budget=50");
            try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "two", settings.toArray(String[]::new))) {
                requests.await(10, PATIENCE);
                assertTrue(service.app().isAlive());
            }
            assertEquals(10, fake.calls());
        }
    }
}
