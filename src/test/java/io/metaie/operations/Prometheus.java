package io.metaie.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A Prometheus that reads one service every second, with the rules this project ships. It must be installed. */
final class Prometheus implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final String address;
    private final Path log;

    private Prometheus(Process process, String address, Path log) {
        this.process = process;
        this.address = address;
        this.log = log;
    }

    /**
     * Starts it.
     *
     * @param directory for its data
     * @param service host and port
     */
    static Prometheus start(Path directory, String service) throws IOException {
        Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ['%s']
                scrape_configs:
                  - job_name: metaie
                    metrics_path: /q/metrics
                    static_configs: [{targets: ['%s']}]
                """.formatted(Dashboards.ALERTS.toAbsolutePath(), service));
        String address = "127.0.0.1:" + Ports.free();
        Path log = directory.resolve("prometheus.log");
        Process process = process(List.of("prometheus", "--config.file=" + config, "--web.listen-address=" + address,
                "--storage.tsdb.path=" + directory.resolve("data")), log);
        Prometheus prometheus = new Prometheus(process, address, log);
        Awaitility.await("Prometheus").atMost(Duration.ofSeconds(60)).ignoreException(UncheckedIOException.class)
                .until(() -> prometheus.get("/-/ready").statusCode() == 200);
        return prometheus;
    }

    /** Runs promtool, which comes with it, in the folder of the rules; what it says is the failure's message. */
    static void promtool(Path directory, String... arguments) throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "promtool", ".log");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        int status = process(command, log).waitFor();
        if (status != 0) {
            throw new AssertionError(String.join(" ", command) + " ended with " + status + ":\n" + Files.readString(log));
        }
    }

    private static Process process(List<String> command, Path log) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        } catch (IOException e) {
            throw new AssertionError(command.get(0) + " is needed for this test: apt-get install prometheus", e);
        }
    }

    /** The values a query has now. */
    List<Double> query(String query) {
        HttpResponse<String> answer = get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        if (answer.statusCode() != 200) {
            throw new AssertionError(query + ": " + answer.body());
        }
        List<Double> values = new ArrayList<>();
        parse(answer.body()).at("/data/result").forEach(one ->
                values.add(Double.valueOf(one.at("/value/1").asText().replace("Inf", "Infinity"))));
        return values;
    }

    /** The rules, with what became of them. */
    JsonNode rules() {
        return parse(get("/api/v1/rules").body()).path("data");
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    private HttpResponse<String> get(String path) {
        try {
            if (!process.isAlive()) {
                throw new AssertionError("Prometheus ended: " + Files.readString(log));
            }
            return HTTP.send(HttpRequest.newBuilder(URI.create("http://" + address + path)).timeout(Duration.ofSeconds(10)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
