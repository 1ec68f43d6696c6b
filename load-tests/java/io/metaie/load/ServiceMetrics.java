package io.metaie.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/** A service's counters, sums and gauges by name and tags, as {@code /q/metrics} writes them. */
final class ServiceMetrics {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private ServiceMetrics() {}

    /** The service's own meters, not those of the JVM and of Kafka's clients. */
    static Map<String, Double> read(URI service) throws IOException, InterruptedException {
        Map<String, Double> metrics = new HashMap<>();
        text(service).lines().filter(line -> line.startsWith("metaie_")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            metrics.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
        });
        return metrics;
    }

    /** All of it, as Prometheus reads it. */
    static String text(URI service) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/q/metrics")).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** By how much one has grown. */
    static double grown(Map<String, Double> before, Map<String, Double> after, String name) {
        return after.getOrDefault(name, 0.0) - before.getOrDefault(name, 0.0);
    }
}
