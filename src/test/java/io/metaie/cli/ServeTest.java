package io.metaie.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.BootstrapFile;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.App;
import io.metaie.testing.Ports;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the packaged service starts, refuses to start, and stops. */
@Tag("service")
class ServeTest {

    private static final Duration START = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private App.Builder serve() {
        return App.with("serve").set("metaie.kafka.embedded.directory", directory).jvm("-Xmx1g");
    }

    @Test
    void bringsItsBrokerOnAFreePortAndStopsIt() throws IOException {
        int http = Ports.free();
        BootstrapFile bootstrap = new BootstrapFile(directory);
        try (ServerSocket taken = Ports.taken();
                App app = serve().set("metaie.kafka.embedded.port", taken.getLocalPort())
                        .set("quarkus.http.port", http).start()) {
            awaitReady(app, http);
            String address = bootstrap.read().orElseThrow();
            assertTrue(address.startsWith("127.0.0.1:"), address);
            assertNotEquals("127.0.0.1:" + taken.getLocalPort(), address);
            assertTrue(app.err().contains("No KAFKA_BOOTSTRAP_SERVERS is set"), app.err());
            assertEquals("", app.out());
            app.terminate();
            assertEquals(0, app.exitCode(), app.err());
            assertFalse(Files.exists(bootstrap.path()));
        }
        // The directory was given back, in order.
        try (EmbeddedBroker again = EmbeddedBroker.start(directory, 0)) {
            assertFalse(again.bootstrap().isEmpty());
        }
    }

    @Test
    void stopsWhileItIsStillStarting() {
        try (App app = serve().set("quarkus.http.port", Ports.free()).start()) {
            Awaitility.await().atMost(START).until(() -> new BootstrapFile(directory).read().isPresent());
            app.terminate();
            assertEquals(0, app.exitCode(), app.err());
        }
        try (EmbeddedBroker again = EmbeddedBroker.start(directory, 0)) {
            assertFalse(again.bootstrap().isEmpty());
        }
    }

    @Test
    void refusesADirectoryInUse() {
        try (EmbeddedBroker other = EmbeddedBroker.start(directory, 0); App app = serve().run()) {
            assertEquals(1, app.exitCode(), other.bootstrap());
            assertTrue(app.err().contains(directory + " is in use"), app.err());
            assertFalse(app.err().contains("Exception"), app.err());
        }
    }

    @Test
    void refusesAnHttpPortInUse() throws IOException {
        try (ServerSocket taken = Ports.taken();
                App app = serve().set("quarkus.http.port", taken.getLocalPort()).run()) {
            assertEquals(1, app.exitCode());
            assertTrue(app.err().contains("quarkus.http.port"), app.err());
            assertFalse(new BootstrapFile(directory).read().isPresent());
        }
    }

    @Test
    void refusesToRunWithoutAnyKafka() {
        try (App app = serve().env("METAIE_KAFKA_EMBEDDED", "false").run()) {
            assertEquals(1, app.exitCode());
            assertTrue(app.err().contains("KAFKA_BOOTSTRAP_SERVERS"), app.err());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "metaie.kafka.embedded, perhaps, metaie.kafka.embedded", "metaie.device, abacus, A device is auto",
        "metaie.default-task.labels, [{}], metaie.default-task.labels", "metaie.lanes, 0, metaie.lanes"
    })
    void refusesASettingItCannotRead(String key, String value, String message) {
        try (App app = serve().set("quarkus.http.port", Ports.free()).set(key, value).run()) {
            assertEquals(1, app.exitCode());
            assertTrue(app.err().contains(message), app.err());
            assertFalse(app.err().contains("\tat "), app.err());
        }
    }

    private static void awaitReady(App app, int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready")).build();
        Awaitility.await().atMost(START).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            assertTrue(app.isAlive(), app::err);
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        });
    }
}
