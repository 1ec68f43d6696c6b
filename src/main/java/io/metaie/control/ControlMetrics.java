package io.metaie.control;

import io.metaie.control.Event.AdaptationCompleted;
import io.metaie.control.Event.AdaptationFailed;
import io.metaie.task.TaskObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What becomes of adaptations, counted by the instance that ran them once it is committed, and which version of each
 * task is in force on this instance.
 */
@Singleton
public class ControlMetrics implements TaskObserver {

    private final MeterRegistry registry;
    private final Counter completed;
    private final Counter failed;
    private final Map<String, Integer> versions = new ConcurrentHashMap<>();
    private final Map<String, Meter> gauges = new ConcurrentHashMap<>();

    ControlMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.completed = adaptations("completed");
        this.failed = adaptations("failed");
    }

    private Counter adaptations(String outcome) {
        return Counter.builder("metaie.adaptations")
                .description("Adaptations, and imports of adapters, that ended here")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** An event that was committed. */
    void told(Event event) {
        if (event instanceof AdaptationCompleted) {
            completed.increment();
        } else if (event instanceof AdaptationFailed) {
            failed.increment();
        }
    }

    @Override
    public void inForce(String task, int version) {
        versions.put(task, version);
        gauges.computeIfAbsent(task, name -> Gauge.builder("metaie.adapter.version", () -> versions.getOrDefault(name, 0))
                .description("The version of a task that its documents are tagged by here; 0 is the meta-model")
                .tag("task", name)
                .strongReference(true)
                .register(registry));
    }

    @Override
    public void gone(String task) {
        Meter gauge = gauges.remove(task);
        if (gauge != null) {
            registry.remove(gauge);
        }
        versions.remove(task);
    }
}
