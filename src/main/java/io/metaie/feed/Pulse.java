package io.metaie.feed;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.util.concurrent.TimeUnit;

/**
 * How this instance does: what grew between two beats, and where its gauges stand. Latencies are upper bounds of the
 * buckets that hold the median and the 95th percentile of what was committed in between. Used by one thread.
 */
final class Pulse {

    private static final JsonMapper JSON = new JsonMapper();

    private final MeterRegistry registry;
    private Beat last;

    private record Beat(long nanos, double extracted, double deadLetters, double queries, long committed, CountAtBucket[] latency) {}

    Pulse(MeterRegistry registry) {
        this.registry = registry;
        this.last = beat();
    }

    /** A beat: what happened since the last one. */
    ObjectNode next() {
        Beat now = beat();
        double seconds = Math.max(1e-3, (now.nanos - last.nanos) / 1e9);
        ObjectNode json = JSON.createObjectNode();
        json.put("documentsPerSecond", rounded((now.extracted - last.extracted) / seconds));
        json.put("deadLettersPerSecond", rounded((now.deadLetters - last.deadLetters) / seconds));
        json.put("queriesPerSecond", rounded((now.queries - last.queries) / seconds));
        json.put("lagRecords", (long) gauge("metaie.lag.records"));
        json.put("lagSeconds", rounded(gauge("metaie.lag.seconds")));
        percentile(json, "latencyP50", now, 0.5);
        percentile(json, "latencyP95", now, 0.95);
        last = now;
        return json;
    }

    private void percentile(ObjectNode json, String field, Beat now, double share) {
        long committed = now.committed - last.committed;
        if (committed <= 0 || now.latency.length == 0 || now.latency.length != last.latency.length) {
            json.putNull(field);
            return;
        }
        for (int i = 0; i < now.latency.length; i++) {
            if (now.latency[i].count() - last.latency[i].count() >= share * committed) {
                json.put(field, rounded(now.latency[i].bucket(TimeUnit.SECONDS)));
                return;
            }
        }
        json.put(field, rounded(now.latency[now.latency.length - 1].bucket(TimeUnit.SECONDS)));
    }

    private Beat beat() {
        Timer latency = registry.find("metaie.document.latency").timer();
        return new Beat(System.nanoTime(), counter("metaie.documents", "extracted"),
                counter("metaie.documents", "dead-letter"), counter("metaie.queries", null),
                latency == null ? 0 : latency.count(),
                latency == null ? new CountAtBucket[0] : latency.takeSnapshot().histogramCounts());
    }

    private double counter(String name, String outcome) {
        Counter counter = outcome == null
                ? registry.find(name).counter() : registry.find(name).tag("outcome", outcome).counter();
        return counter == null ? 0 : counter.count();
    }

    private double gauge(String name) {
        Gauge gauge = registry.find(name).gauge();
        return gauge == null ? 0 : gauge.value();
    }

    private static double rounded(double value) {
        return Double.isFinite(value) ? Math.round(value * 1_000) / 1_000.0 : 0;
    }
}
