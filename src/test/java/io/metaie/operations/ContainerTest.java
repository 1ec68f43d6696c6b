package io.metaie.operations;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.operations.Dockerfile.Copy;
import io.metaie.testing.Control;
import io.metaie.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the image holds, laid out in a folder as its Dockerfile says, and run as the image would: its command, its
 * variables and nothing else of this environment, as a user without a home, on files it cannot write.
 */
@Tag("faults")
class ContainerTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String USER = "10001";

    @TempDir
    Path directory;

    @Test
    void theImagesCommandServesAndLearnsAsAUserThatOwnsNothing() throws Exception {
        Dockerfile image = Dockerfile.read(Path.of("docker", "Dockerfile")).image();
        Path root = layOut(image);
        Path temporary = writable("tmp");
        Path cache = writable("cache");
        int port = Ports.free();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            List<String> command = asNobody();
            command.add(root + image.last("ENTRYPOINT").list().get(0));
            command.addAll(image.last("CMD").list());
            ProcessBuilder builder = new ProcessBuilder(command).directory(root.resolve("opt/metaie").toFile())
                    .redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
            Map<String, String> environment = builder.environment();
            environment.keySet().retainAll(List.of("PATH", "JAVA_HOME"));
            environment.putAll(image.environment());
            environment.put("METAIE_TRAINING_CACHE", cache.toString());
            environment.put("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap());
            environment.put("QUARKUS_HTTP_PORT", String.valueOf(port));
            environment.put("METAIE_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary + " -XX:TieredStopAtLevel=1");
            Process service = builder.start();
            try {
                assertNotEquals(0, health(root, port), "nobody listens yet");
                await().atMost(PATIENCE).until(() -> {
                    assertTrue(service.isAlive(), Files.readString(directory.resolve("log")));
                    return health(root, port) == 0;
                });
                assertTrue(extract(port).contains("\"Paris\""));
                learn(broker.bootstrap());
                service.destroy();
                assertTrue(service.waitFor(30, TimeUnit.SECONDS), "it stops in time");
            } finally {
                service.destroyForcibly().waitFor();
            }
            assertTrue(written(cache), "natives of training");
        }
    }

    /** Copies what the Dockerfile copies; what it builds is what the tests run on. */
    private Path layOut(Dockerfile image) throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        String home = image.last("WORKDIR").arguments();
        for (Copy copy : image.copies()) {
            String source = copy.sources().get(0).replaceFirst("^/src/", "");
            copy(Path.of(source), root.resolve((home + "/" + copy.target()).substring(1)));
        }
        // Temporary folders of tests are nobody else's.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return root;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                if (!Files.isDirectory(file)) {
                    Files.copy(file, target);
                    Files.setPosixFilePermissions(target,
                            PosixFilePermissions.fromString(Files.isExecutable(file) ? "r-xr-xr-x" : "r--r--r--"));
                } else {
                    Files.createDirectories(target);
                }
            }
        }
    }

    private Path writable(String name) throws IOException {
        Path folder = Files.createDirectory(directory.resolve(name));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        return folder;
    }

    /** Only root can become somebody else; who is not root is a user without rights already. */
    private static List<String> asNobody() {
        return "root".equals(System.getProperty("user.name"))
                ? new ArrayList<>(List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "--no-new-privs", "--"))
                : new ArrayList<>();
    }

    private static int health(Path root, int port) {
        ProcessBuilder check = new ProcessBuilder(root.resolve("opt/metaie/docker/healthcheck").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        check.environment().put("QUARKUS_HTTP_PORT", String.valueOf(port));
        try {
            return check.start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String extract(int port) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/extract"))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"Ada lives in Paris.\",\"labels\":[\"City\"]}"))
                        .build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private static void learn(String bootstrap) {
        try (Control control = new Control(bootstrap)) {
            control.define("news", "['gadget']");
            control.send("{'type':'adapt','task':'news','commandId':'learn','examples':[{'text':'Zorblax met Quimby.',"
                    + "'spans':[{'label':'gadget','text':'Zorblax'}]}],'options':{'epochs':1,'activate':'always'}}");
            control.await("adapter-activated", "learn", PATIENCE);
        }
    }

    private static boolean written(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".so"));
        }
    }
}
