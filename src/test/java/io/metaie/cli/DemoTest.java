package io.metaie.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.cli.DemoDocuments.Sample;
import io.metaie.testing.App;
import io.metaie.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command a newcomer runs, in the packaged application. */
@Tag("service")
class DemoTest {

    private static final Pattern KAFKA = Pattern.compile("export KAFKA_BOOTSTRAP_SERVERS=(\\S+)");
    private static final Pattern CURL = Pattern.compile("curl (\\S+) -H 'content-type: application/json' -d '(.*)'");

    @TempDir
    Path temporary;

    @Test
    void showsWhatTheServiceDoesAndLeavesNothingBehind() throws IOException, InterruptedException {
        try (App demo = App.with("demo").set("java.io.tmpdir", temporary).set("quarkus.http.port", Ports.free())
                .set("metaie.kafka.embedded.port", Ports.free()).jvm("-Xmx1g").start()) {
            Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> {
                assertTrue(demo.isAlive(), demo::err);
                return demo.err().contains("In another terminal");
            });
            String out = demo.out();
            for (Sample sample : DemoDocuments.samples()) {
                assertTrue(out.contains(sample.id() + "  "), out);
            }
            // Words of the samples that the model knows well; not a list of all that it finds.
            assertTrue(out.contains("[Łódź](City)"), out);
            assertTrue(out.contains("battery life → opinion → amazing"), out);
            assertFalse(out.contains("\u001b"), out);

            Matcher kafka = KAFKA.matcher(demo.err());
            assertTrue(kafka.find(), demo.err());
            try (App tail = App.with("tail", "spans", "--from-start", "--max", "4", "--timeout", "30", "--format", "json")
                    .env("KAFKA_BOOTSTRAP_SERVERS", kafka.group(1)).run()) {
                assertEquals(0, tail.exitCode(), tail.err());
                assertEquals(4, tail.out().lines().count());
            }
            Matcher curl = CURL.matcher(demo.err());
            assertTrue(curl.find(), demo.err());
            HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(curl.group(1)))
                    .header("content-type", "application/json").POST(BodyPublishers.ofString(curl.group(2))).build(),
                    BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());

            demo.signal("INT");
            assertTrue(List.of(0, 130).contains(demo.exitCode()), "exit code " + demo.exitCode());
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.filter(path -> path.getFileName().toString().startsWith("metaie-demo")).toList());
        }
    }
}
