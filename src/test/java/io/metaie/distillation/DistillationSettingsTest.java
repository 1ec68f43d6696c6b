package io.metaie.distillation;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static io.metaie.distillation.http.FakeTeacher.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.config.Settings;
import io.metaie.distillation.http.FakeTeacher;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicDeclarations;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.Topics;
import io.metaie.testing.App;
import io.metaie.testing.Control;
import io.metaie.testing.ServiceApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of the teacher, as the packaged application takes them. */
@Tag("service")
class DistillationSettingsTest {

    @TempDir
    Path directory;

    @Test
    void secretsWhereOthersReadThemStartNothingAndAreNotRepeated() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                ServiceApp key = ServiceApp.start(broker.bootstrap(), "one", "metaie.llm.base-url=http://127.0.0.1:1/v1",
                        "metaie.llm.api-key=sk-secret");
                ServiceApp password = ServiceApp.start(broker.bootstrap(), "two",
                        "metaie.llm.base-url=http://user:sk-secret@127.0.0.1:1/v1")) {
            for (ServiceApp service : new ServiceApp[] {key, password}) {
                assertEquals(1, service.app().exitCode());
                assertTrue(service.app().err().contains("METAIE_LLM_API_KEY"), service.app().err());
                assertFalse(service.app().err().contains("secret"), service.app().err());
            }
        }
    }

    @Test
    void theKeyComesFromTheEnvironment() throws Exception {
        Path corpus = Files.writeString(directory.resolve("corpus.txt"), "Ada Lovelace went to Paris in spring.\n");
        try (FakeTeacher fake = new FakeTeacher().answers(says("- City: Paris"));
                App app = App.with("distill", "--corpus", corpus.toString(), "--out", directory.resolve("out.jsonl").toString())
                        .env("METAIE_LLM_BASE_URL", fake.baseUrl().toString())
                        .env("METAIE_LLM_API_KEY", "sk-secret").run()) {
            assertEquals(0, app.exitCode(), app.err());
            fake.server().verify(1, postRequestedFor(urlEqualTo("/v1/chat/completions"))
                    .withHeader("authorization", equalTo("Bearer sk-secret")));
            assertFalse(app.err().contains("secret"), app.err());
        }
    }

    @Test
    void whoHasNoTeacherNeedsNoTopicOfExamples() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            EnumSet<Topic> topics = EnumSet.allOf(Topic.class);
            topics.removeAll(EnumSet.of(Topic.DISTILLATION_REQUESTS, Topic.DISTILLATION_EXAMPLES, Topic.DISTILLATION_ANSWERS,
                    Topic.DISTILLATION_REQUESTS_DEAD_LETTERS));
            new TopicSetup(new KafkaClients(KafkaSettings.of(broker.bootstrap())), new Topics(Settings.metaie(Settings.load()).topics()),
                    TopicDeclarations.packaged(), true).ensure(topics);
            try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "one", "metaie.topics.create=false").awaitReady();
                    Control control = new Control(broker.bootstrap())) {
                control.define("news", "['Person']");
                control.send("{'type':'adapt','task':'news','commandId':'a','from':'distilled'}");
                String reason = control.await("command-rejected", "a", Control.PATIENCE).path("reason").asText();
                assertTrue(reason.contains("metaie.distillation.examples") && reason.contains("metaie.llm.base-url"), reason);
                assertTrue(service.app().isAlive());
                assertEquals(1, service.app().err().split("No texts are given to a teacher here", -1).length - 1, "said once");
            }
        }
    }
}
