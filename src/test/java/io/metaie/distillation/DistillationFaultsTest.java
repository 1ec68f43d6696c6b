package io.metaie.distillation;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static io.metaie.distillation.http.FakeTeacher.json;
import static io.metaie.distillation.http.FakeTeacher.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.distillation.http.FakeTeacher;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.App;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, and teachers that refuse, that fail, and that take their time. */
@Tag("faults")
class DistillationFaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final FakeTeacher fake = new FakeTeacher();
    private EmbeddedBroker broker;
    private Requests requests;

    @BeforeEach
    void open() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        requests = new Requests(broker.bootstrap());
    }

    @AfterEach
    void close() {
        requests.close();
        broker.close();
        fake.close();
    }

    private ServiceApp service(String... settings) {
        String[] all = java.util.Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "metaie.llm.base-url=" + fake.baseUrl();
        return ServiceApp.start(broker.bootstrap(), "one", all);
    }

    @Test
    void refusedSentencesAreSentBackAloneAndTheOthersHaveTheirExamplesOnce() throws Exception {
        fake.answers(says("- City: Paris"));
        refuse("secret");
        String request = "{\"id\":\"x\",\"text\":\"Ada went to Paris. It is secret. Paris again. This is secret too.\"}";
        try (ServiceApp service = service("metaie.distillation.max-sentences=4").awaitReady()) {
            requests.send("r1", request);
            requests.send("r2", "One. Two. Three. Four. Five.");
            requests.await(5, PATIENCE);
            assertEquals(List.of("2", "4"), requests.letters().stream()
                    .flatMap(letter -> ExactlyOnce.header(letter, "metaie.sentences").stream()).toList());
            assertEquals(List.of("teacher-refused", "teacher-refused", "too-large"), requests.letters().stream()
                    .map(letter -> ExactlyOnce.header(letter, "metaie.reason").orElseThrow()).sorted().toList());
            for (ConsumerRecord<byte[], byte[]> letter : requests.letters()) {
                assertTrue(letter.value() != null, "its value stands in it");
            }
            // Answers that refuse are kept, too: another question is another answer.
            service.app().terminate();
            assertEquals(0, service.app().exitCode());
        }
        int calls = fake.calls();
        fake.answers(says("- City: Paris"));
        try (ServiceApp service = service("metaie.distillation.template=Now, please: {sentence}").awaitReady();
                App redrive = App.with("redrive", "--reason", "teacher-refused")
                        .env("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap()).run()) {
            assertEquals(0, redrive.exitCode(), redrive.err());
            requests.await(7, PATIENCE);
            assertEquals(List.of("Ada went to Paris.", "It is secret.", "Paris again.", "This is secret too."),
                    requests.examples().stream().map(example -> new String(example.value(), UTF_8))
                            .map(json -> json.substring(9, json.indexOf("\",\"labels\""))).sorted().toList());
            assertEquals(2, fake.calls(), "beside " + calls + " before");
            assertTrue(service.app().isAlive());
        }
    }

    @Test
    void pairsAreCountedOnceHoweverOftenTheirRequestIsTried() throws Exception {
        fake.answers(says("- City: Paris\n- City: Oslo"));
        fake.server().stubFor(any(anyUrl()).atPriority(1).withRequestBody(containing("Later"))
                .willReturn(json(401, "{\"error\":{\"message\":\"wrong key\"}}")));
        try (ServiceApp service = service().awaitReady()) {
            requests.send("", "Ada went to Paris. Later she left.");
            Awaitility.await().atMost(PATIENCE).until(() -> service.metric("metaie_llm_requests_total{outcome=\"operator\"}") >= 2);
            assertEquals(0, service.metric("metaie_distillation_pairs_total{outcome=\"exact\"}"), "nothing is published yet");
            fake.answers(says("None"));
            requests.await(2, PATIENCE);
            Awaitility.await().atMost(PATIENCE)
                    .until(() -> service.metric("metaie_distillation_pairs_total{outcome=\"exact\"}") == 1);
        }
    }

    @Test
    void whatWaitsForTheTeacherIsCounted() {
        fake.answers(json(401, "{\"error\":{\"message\":\"wrong key\"}}"));
        try (ServiceApp service = service().awaitReady()) {
            IntStream.range(0, 3).forEach(i -> requests.send("", "This is number " + i + "."));
            Awaitility.await().atMost(PATIENCE).until(() -> service.metric("metaie_distillation_lag_records") == 3);
            assertEquals(0, service.metric("metaie_lag_records"), "no document does");
            fake.answers(says("None"));
            requests.await(3, PATIENCE);
            Awaitility.await().atMost(PATIENCE).until(() -> service.metric("metaie_distillation_lag_records") == 0);
        }
    }

    @Test
    void aTeacherThatTakesItsTimeFailsNoLiveness() {
        fake.answers(says("None").withFixedDelay(5_000));
        try (ServiceApp service = service("metaie.lane.stall=1s").awaitReady()) {
            requests.send("", "Ada went to Paris.");
            Awaitility.await().atMost(PATIENCE).until(() -> {
                assertEquals(200, service.health("live"), service.healthBody("live"));
                return service.metric("metaie_distillation_examples_total") == 1;
            });
        }
    }

    @Test
    void whileTheTeacherWantsToBeLeftAloneNoConsumerLosesItsPlace() throws Exception {
        // Longer than a consumer may be silent.
        fake.answersInTurn(List.of(json(429, "").withHeader("retry-after", "12"), says("None")));
        try (ServiceApp service = service().awaitReady();
                Admin admin = new KafkaClients(KafkaSettings.of(broker.bootstrap())).admin("members", Map.of())) {
            requests.send("", "Ada went to Paris.");
            Awaitility.await().atMost(PATIENCE).until(() -> fake.calls() == 1);
            List<String> members = members(admin);
            assertEquals(2, members.size());
            requests.await(1, PATIENCE);
            assertEquals(members, members(admin));
            assertEquals(2, fake.calls());
            assertEquals(200, service.health("live"));
        }
    }

    private static List<String> members(Admin admin) throws Exception {
        return admin.describeConsumerGroups(List.of("metaie-distill")).all().get().get("metaie-distill").members().stream()
                .map(MemberDescription::consumerId).sorted().toList();
    }

    @Test
    void whatIsUnderWayAtAStopIsNotPaidAgain() {
        fake.answers(says("None").withFixedDelay(2_000));
        try (ServiceApp service = service("metaie.llm.concurrency=6").awaitReady()) {
            IntStream.range(0, 6).forEach(i -> requests.send("", "This is number " + i + "."));
            Awaitility.await().atMost(PATIENCE).until(() ->
                    fake.server().countRequestsMatching(anyRequestedFor(anyUrl()).build()).getCount() == 6);
            service.app().terminate();
            assertEquals(0, service.app().exitCode(Duration.ofSeconds(30)), service.app().err());
        }
        fake.answers(says("None"));
        try (ServiceApp service = service()) {
            requests.await(6, PATIENCE);
            assertTrue(service.app().isAlive());
            assertEquals(0, fake.calls());
        }
    }

    private void refuse(String word) {
        fake.server().stubFor(any(anyUrl()).atPriority(1).withRequestBody(containing(word))
                .willReturn(says("I'm sorry, but I can't help with that.")));
    }
}
