package io.metaie.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.distillation.http.FakeTeacher;
import io.metaie.kafka.KafkaScripts;
import io.metaie.kafka.SecuredBroker;
import io.metaie.testing.App;
import io.metaie.testing.ServiceApp;
import io.metaie.testing.Watcher;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SASL over TLS and ACLs, for every client there is: the service's lanes, followers of state, administration, sampling,
 * control and the console, and the command line's. Topics and ACLs are made by the scripts of {@code kafka/}, so these are
 * enough.
 */
@Tag("faults")
class SecuredKafkaTest {

    @TempDir
    static Path directory;

    private static SecuredBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = SecuredBroker.start(directory, List.of("metaie", "operator", "sender", "reader", "stranger"));
        KafkaScripts scripts = new KafkaScripts(directory);
        String[] admin = {"--bootstrap-server", broker.bootstrap(), "--command-config", broker.file(SecuredBroker.ADMIN).toString()};
        scripts.run("create-topics.sh", Map.of(), with(admin, "--brokers", "1"));
        for (String[] grant : new String[][] {{"metaie", "service"}, {"operator", "operator"}, {"sender", "sender"},
            {"reader", "reader"}}) {
            scripts.run("acls.sh", Map.of(), with(admin, "--principal", "User:" + grant[0], "--as", grant[1]));
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void theServiceAndTheCommandLineDoAllTheirWorkWithNoMoreRightsThanTheyNeed() throws Exception {
        try (FakeTeacher teacher = new FakeTeacher().answers(FakeTeacher.says("- City: Paris"));
                ServiceApp service = service(teacher).awaitReady();
                Watcher watcher = new Watcher(service.url(), "text=true")) {
            assertTold(as("sender", "Ada Lovelace lives in Paris.\n", "send", "--labels", "City", "-"), "");
            assertTold(as("sender", "{\"txt\":1}\n", "send", "-"), "");
            assertTold(as("reader", "", "tail", "spans", "--from-start", "--max", "1", "--timeout", "60", "--format", "json"), "\"Paris\"");
            assertTold(as("operator", "", "tail", "dead-letters", "--from-start", "--max", "1", "--timeout", "60"), "missing-text");
            assertTold(as("operator", "", "redrive"), "");
            assertTold(as("operator", "", "tail", "dead-letters", "--from-start", "--max", "2", "--timeout", "60"), "missing-text");
            // The sentence was sampled, and the teacher asked.
            assertTold(as("reader", "", "tail", "examples", "--from-start", "--max", "1", "--timeout", "60", "--format", "json"), "\"City\"");
            assertTold(as("operator", "", "control", "define-task", "--task", "news", "--labels", "gadget", "--wait"), "");
            Path examples = Files.writeString(directory.resolve("examples.jsonl"),
                    "{\"text\":\"Zorblax met Quimby.\",\"spans\":[{\"label\":\"gadget\",\"text\":\"Zorblax\"}]}\n");
            assertTold(as("operator", "", "control", "adapt", "--task", "news", "--examples", examples.toString(), "--epochs", "1",
                    "--activate", "always", "--wait"), "");
            assertEquals("news@1", service.adapter("news"));
            assertEquals(202, service.post("/api/control", "{'type':'delete-task','task':'news','commandId':'d'}").statusCode());
            assertTold(as("reader", "", "tail", "events", "--from-start", "--timeout", "5", "--format", "json"),
                    "task-deleted");
            assertSeen(watcher);
            assertAnswered(service, "/api/dead-letters", "\"missing-text\"");
            assertAnswered(service, "/api/events", "\"task-deleted\"");
            assertAnswered(service, "/api/distillation", "Ada Lovelace lives in Paris.");
            assertEquals(200, service.health("ready"), service.healthBody("ready"));
            assertFalse(service.app().err().toLowerCase(Locale.ROOT).contains("authoriz"), service.app().err());
        }
    }

    /** What was committed meanwhile, as the console is shown it. */
    private static void assertSeen(Watcher watcher) {
        watcher.await("the extraction", seen -> seen.event().equals("extraction")
                && seen.data().at("/spans/0/text").asText().equals("Paris"));
        watcher.await("the dead letter", seen -> seen.event().equals("dead-letter")
                && seen.data().path("reason").asText().equals("missing-text"));
        watcher.await("the event", seen -> seen.event().equals("event")
                && seen.data().path("type").asText().equals("task-deleted"));
    }

    private static void assertAnswered(ServiceApp service, String path, String expected) throws IOException {
        HttpResponse<String> answer = service.get(path);
        assertEquals(200, answer.statusCode(), path + ": " + answer.body());
        assertTrue(answer.body().contains(expected), path + ": " + answer.body());
    }

    private static ServiceApp service(FakeTeacher teacher) {
        String[] settings = broker.settings("metaie").entrySet().stream()
                .map(e -> "kafka." + e.getKey() + "=" + e.getValue()).toArray(String[]::new);
        return ServiceApp.start(broker.bootstrap(), "one", with(settings, "metaie.topics.create=false", "metaie.http.control=true",
                "metaie.llm.base-url=" + teacher.baseUrl(), "metaie.distillation.sample.rate=1"));
    }

    /** Runs a command as a user of Kafka, who is told to it by variables. */
    private static App as(String user, String input, String... command) {
        App.Builder builder = App.with(command).input(input.getBytes(UTF_8));
        broker.settings(user).forEach((key, value) ->
                builder.env("KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return builder.run();
    }

    private static void assertTold(App app, String expected) {
        assertEquals(0, app.exitCode(), app.err());
        assertTrue(app.out().contains(expected), app.out() + app.err());
    }

    @Test
    void whoHasNoRightsIsToldSo() throws IOException {
        App sender = as("sender", "", "tail", "spans", "--from-start", "--max", "1", "--timeout", "10");
        assertEquals(1, sender.exitCode());
        assertTrue(sender.err().contains("Topic authorization failed"), sender.err());
        App stranger = as("stranger", "Ada lives in Paris.\n", "send", "-");
        assertEquals(1, stranger.exitCode());
        assertTrue(stranger.err().contains("Topic authorization failed"), stranger.err());
        assertEquals(1, stranger.err().strip().lines().count(), stranger.err());
    }

    @Test
    void aWrongPasswordIsToldAtOnce() {
        App.Builder builder = App.with("tail", "spans", "--from-start", "--max", "1", "--timeout", "10");
        broker.settings("reader").forEach((key, value) -> builder.env("KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_'),
                value.replace("secret of reader", "guessed")));
        App app = builder.run();
        assertEquals(1, app.exitCode());
        assertTrue(app.err().contains("Authentication failed"), app.err());
    }
}
