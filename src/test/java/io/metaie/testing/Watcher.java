package io.metaie.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Watches {@code GET /api/stream}: reads server-sent events as fast as they come. */
public final class Watcher implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpResponse<InputStream> response;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    /** A server-sent event. */
    public record Seen(String event, String id, JsonNode data) {}

    /**
     * Begins to watch, and waits until nothing is missed any more.
     *
     * @param query what to see, {@code a=b&c=d}
     */
    public Watcher(URI site, String query) {
        try {
            response = HTTP.send(HttpRequest.newBuilder(site.resolve("/api/stream?" + query)).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (response.statusCode() != 200) {
            throw new AssertionError("answered with " + response.statusCode());
        }
        Thread reader = new Thread(this::read, "watcher");
        reader.setDaemon(true);
        reader.start();
        await("ready", event -> event.event().equals("ready"));
    }

    /** The first event that is as wanted; waits for it. */
    public Seen await(String what, Predicate<Seen> wanted) {
        Awaitility.await(what).atMost(Duration.ofSeconds(60)).until(() -> seen.stream().anyMatch(wanted));
        return seen.stream().filter(wanted).findFirst().orElseThrow();
    }

    /** All that came so far. */
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    private void read() {
        String event = "message";
        String id = "";
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    event = "message";
                    id = "";
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    seen.add(new Seen(event, id, JSON.readTree(line.substring(6))));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
