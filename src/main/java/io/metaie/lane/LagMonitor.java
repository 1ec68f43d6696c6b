package io.metaie.lane;

import io.metaie.config.MetaieConfig;
import io.metaie.kafka.KafkaClients;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Measures every second or two how far this instance is behind on the partitions it owns now, of documents and of requests to
 * the teacher, and notices on the way when the brokers do not answer.
 */
@ApplicationScoped
class LagMonitor {

    private static final Logger LOG = Logger.getLogger(LagMonitor.class);
    private static final long PERIOD_MILLIS = 1_000;
    /** One request that fails is no broker that is away. */
    private static final int FAILURES_OF_AN_ABSENCE = 2;

    private final Lanes lanes;
    private final KafkaClients clients;
    private final MetaieConfig config;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "metaie-lag");
                thread.setDaemon(true);
                return thread;
            });
    private final Map<LaneKind, LagReader> readers = new EnumMap<>(LaneKind.class);
    private int failures;
    private volatile Lag lag = Lag.NONE;
    private volatile Lag requests = Lag.NONE;
    private volatile Optional<String> brokerAway = Optional.empty();

    /**
     * How far behind.
     *
     * @param records not yet committed
     * @param oldest when the oldest of them was written, milliseconds since the epoch, if there is one
     */
    record Lag(long records, Optional<Long> oldest) {

        static final Lag NONE = new Lag(0, Optional.empty());

        Lag plus(Lag other) {
            Optional<Long> older = oldest.isEmpty() || other.oldest.isPresent() && other.oldest.get() < oldest.get()
                    ? other.oldest : oldest;
            return new Lag(records + other.records, older);
        }

        double seconds(long now) {
            return oldest.map(written -> Math.max(0, now - written) / 1_000.0).orElse(0.0);
        }
    }

    LagMonitor(Lanes lanes, KafkaClients clients, MetaieConfig config, MeterRegistry registry) {
        this.lanes = lanes;
        this.clients = clients;
        this.config = config;
        Gauge.builder("metaie.lag.records", this, monitor -> monitor.lag.records())
                .description("Records of the partitions owned now that are not committed yet")
                .strongReference(true)
                .register(registry);
        Gauge.builder("metaie.lag.seconds", this, monitor -> monitor.lag.seconds(System.currentTimeMillis()))
                .description("Age of the oldest record not committed yet, 0 when there is none")
                .strongReference(true)
                .register(registry);
        Gauge.builder("metaie.distillation.lag.records", this, monitor -> monitor.requests.records())
                .description("Texts for the teacher, of the partitions owned now, that are not committed yet")
                .strongReference(true)
                .register(registry);
    }

    /** Why the brokers are taken to be away, if they are. */
    Optional<String> brokerAway() {
        return brokerAway;
    }

    void start(@Observes StartupEvent event) {
        thread.scheduleWithFixedDelay(this::measure, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        thread.execute(this::close);
        thread.shutdown();
        try {
            // Its clients are not to outlive the embedded broker.
            thread.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        readers.values().forEach(LagReader::close);
    }

    private void measure() {
        try {
            lag = read(LaneKind.EXTRACTION);
            if (brokerAway.isPresent()) {
                LOG.info("The brokers answer again");
            }
            brokerAway = Optional.empty();
            failures = 0;
            measureRequests();
        } catch (Throwable e) { // An error too: a task that throws is never scheduled again.
            String why = String.valueOf(e.getMessage());
            failures++;
            if (failures == FAILURES_OF_AN_ABSENCE) {
                LOG.warnf("The brokers do not answer or refuse (%s); documents wait until they do", why);
            }
            if (failures >= FAILURES_OF_AN_ABSENCE) {
                brokerAway = Optional.of(why);
            }
        }
    }

    /** Documents are not concerned when that fails. */
    private void measureRequests() {
        if (lanes.all(LaneKind.DISTILLATION).isEmpty()) {
            return;
        }
        try {
            requests = read(LaneKind.DISTILLATION);
        } catch (Exception e) {
            LOG.debugf("How many requests wait was not to be read: %s", e.getMessage());
        }
    }

    private Lag read(LaneKind kind) throws ExecutionException, InterruptedException {
        Set<TopicPartition> owned = new HashSet<>();
        Map<TopicPartition, LaneStatus.Place> inHand = new HashMap<>();
        for (Lane lane : lanes.all(kind)) {
            owned.addAll(lane.status().owned());
            inHand.putAll(lane.status().inHand());
        }
        return readers.computeIfAbsent(kind, unread -> new LagReader(clients, kind.group(config))).read(owned, inHand);
    }
}
