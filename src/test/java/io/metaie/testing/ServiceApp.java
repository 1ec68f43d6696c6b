package io.metaie.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** The packaged service as a child process on a broker of the test's, and what it says of itself over HTTP. */
public final class ServiceApp implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final App app;
    private final int port;

    private ServiceApp(App app, int port) {
        this.app = app;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param instance its {@code metaie.instance}
     * @param settings further settings, {@code key=value}
     */
    public static ServiceApp start(String bootstrap, String instance, String... settings) {
        int port = Ports.free();
        App.Builder builder = App.with("serve")
                .env("KAFKA_BOOTSTRAP_SERVERS", bootstrap)
                .set("metaie.instance", instance)
                .set("quarkus.http.host", "127.0.0.1")
                .set("quarkus.http.port", port);
        for (String setting : settings) {
            builder.jvm("-D" + setting);
        }
        return new ServiceApp(builder.start(), port);
    }

    /** Where it listens: host and port. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    public App app() {
        return app;
    }

    public ServiceApp awaitReady() {
        awaitHealth("ready", 200);
        return this;
    }

    public void awaitHealth(String kind, int status) {
        Awaitility.await(kind + " " + status).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            if (!app.isAlive()) {
                throw new AssertionError("the service ended: " + app.err());
            }
            return health(kind) == status;
        });
    }

    /** The status of a health check; 0 while nobody listens. */
    public int health(String kind) {
        try {
            return get("/q/health/" + kind).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** What a health check says; nothing while nobody listens. */
    public String healthBody(String kind) {
        try {
            return get("/q/health/" + kind).body();
        } catch (IOException e) {
            return "";
        }
    }

    /** The value of a gauge or counter without tags; NaN while there is none, or nobody listens. */
    public double metric(String name) {
        try {
            return get("/q/metrics").body().lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** What Prometheus reads. */
    public String metrics() {
        try {
            return get("/q/metrics").body();
        } catch (IOException e) {
            return "";
        }
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What a path answers. */
    public HttpResponse<String> get(String path) throws IOException {
        return send(request(path).build());
    }

    /**
     * What a path answers to a body.
     *
     * @param headers names and values in turn
     */
    public HttpResponse<String> post(String path, String body, String... headers) throws IOException {
        HttpRequest.Builder request = request(path).header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        return send(headers.length == 0 ? request.build() : request.headers(headers).build());
    }

    /** The version that tags a document of a task just now, {@code news@3}; nothing if it is the meta-model. */
    public String adapter(String task) throws IOException {
        HttpResponse<String> answer = post("/api/extract", "{'text':'Ada met Bob.','task':'" + task + "'}");
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body()).path("adapter").asText();
    }

    /** A task as the service shows it. */
    public JsonNode task(String task) throws IOException {
        return JSON.readTree(get("/api/tasks/" + task).body());
    }

    /** The memory of the process that is in use, in kB. */
    public long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(app.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst().orElseThrow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(10));
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        app.close();
    }
}
