package io.metaie.control;

import io.metaie.control.Event.AdapterIncompatible;
import io.metaie.kafka.Backoff;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.StopSignal;
import io.metaie.task.TaskObserver;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Tells of versions in force that cannot be used here, each instance for itself: what one cannot read another may have in
 * memory. Once for each version, however often it is tried again, until it can be used or is no longer wanted.
 */
@Singleton
public class AdapterReports implements TaskObserver {

    private static final Logger LOG = Logger.getLogger(AdapterReports.class);
    private static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final Map<String, Report> waiting = new LinkedHashMap<>();
    private final Map<String, Integer> told = new HashMap<>();

    private record Report(int version, String why) {}

    @Override
    public synchronized void unusable(String task, int version, String why) {
        if (!isTold(task, version)) {
            waiting.put(task, new Report(version, why));
            notifyAll();
        }
    }

    @Override
    public synchronized void inForce(String task, int version, Optional<Double> f1) {
        gone(task);
    }

    @Override
    public synchronized void gone(String task) {
        waiting.remove(task);
        told.remove(task);
    }

    private boolean isTold(String task, int version) {
        return told.getOrDefault(task, 0) == version;
    }

    /**
     * Leaves it to the caller to tell of a version.
     *
     * @return false if it was told from here before
     */
    synchronized boolean claim(String task, int version) {
        if (isTold(task, version)) {
            return false;
        }
        waiting.remove(task);
        told.put(task, version);
        return true;
    }

    /** Tells what there is to tell, until it is told to stop and the thread that calls it is interrupted. */
    void tell(KafkaClients clients, EventWriter events, StopSignal stop) {
        Optional<Producer<byte[], byte[]>> producer = Optional.empty();
        Backoff pause = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
        try {
            while (!stop.isSet()) {
                Map.Entry<String, Report> next = take();
                // Made when first wanted: most instances never have anything to tell.
                producer = producer.or(() -> Optional.of(clients.producer("metaie-adapter-reports", PRODUCER)));
                try {
                    producer.get().send(events.record(event(next), Instant.now())).get();
                    pause.reset();
                } catch (InterruptException e) {
                    throw e;
                } catch (ExecutionException | RuntimeException e) {
                    giveBack(next);
                    long millis = pause.next();
                    LOG.warnf("Task %s: that version %d cannot be used here cannot be told (%s); next try in %d ms",
                            next.getKey(), next.getValue().version(), e.getMessage(), millis);
                    stop.pause(millis);
                }
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("Stopped", e);
        } finally {
            Thread.interrupted(); // or the producer would not wait for what is on its way
            producer.ifPresent(open -> open.close(CLOSING));
        }
    }

    private static Event event(Map.Entry<String, Report> report) {
        return new AdapterIncompatible(new About(Optional.of(report.getKey()), Optional.empty()),
                report.getValue().version(), report.getValue().why());
    }

    private synchronized Map.Entry<String, Report> take() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        Map.Entry<String, Report> next = Map.entry(
                waiting.keySet().iterator().next(), waiting.values().iterator().next());
        waiting.remove(next.getKey());
        told.put(next.getKey(), next.getValue().version());
        return next;
    }

    private synchronized void giveBack(Map.Entry<String, Report> report) {
        if (told.remove(report.getKey(), report.getValue().version())) {
            waiting.putIfAbsent(report.getKey(), report.getValue());
        }
    }
}
