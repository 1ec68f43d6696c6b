package io.metaie.control;

import io.metaie.control.Event.AdaptationCompleted;
import io.metaie.control.Event.AdaptationFailed;
import io.metaie.task.TaskObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * What becomes of adaptations, counted by the instance that ran them once it is committed; how many tasks there are; and
 * which version of each is in force on this instance, and how good that is. Tasks are defined by anybody, series are
 * bounded: {@value #TASKS_WITH_SERIES} tasks have series of their own, those told of first.
 */
@Singleton
public class ControlMetrics implements TaskObserver {

    /** So many tasks have series of their own. */
    static final int TASKS_WITH_SERIES = 100;

    private final MeterRegistry registry;
    private final Counter completed;
    private final Counter failed;
    private final Map<String, InForce> tasks = new ConcurrentHashMap<>();
    /** Series of tasks; guarded by this. */
    private final Map<String, Meter> versions = new HashMap<>();
    private final Map<String, Meter> scores = new HashMap<>();

    private record InForce(int version, Optional<Double> f1) {

        static final InForce NONE = new InForce(0, Optional.empty());

        boolean adapted() {
            return version != 0;
        }
    }

    ControlMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.completed = adaptations("completed");
        this.failed = adaptations("failed");
        tasks("base", false);
        tasks("adapted", true);
    }

    private void tasks(String state, boolean adapted) {
        Gauge.builder("metaie.tasks", tasks, all -> all.values().stream().filter(task -> task.adapted() == adapted).count())
                .description("Tasks that commands defined, by what tags their documents here: the meta-model, or an adapted version")
                .tag("state", state)
                .strongReference(true)
                .register(registry);
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
    public synchronized void inForce(String task, int version, Optional<Double> f1) {
        tasks.put(task, new InForce(version, f1));
        if (!versions.containsKey(task) && versions.size() < TASKS_WITH_SERIES) {
            versions.put(task, gauge("metaie.adapter.version", InForce::version,
                    "The version of a task that its documents are tagged by here; 0 is the meta-model", task));
        }
        if (f1.isEmpty()) {
            remove(scores, task);
        } else if (versions.containsKey(task) && !scores.containsKey(task)) {
            scores.put(task, gauge("metaie.adapter.f1", inForce -> inForce.f1().orElse(0.0),
                    "F1 of the version in force on examples it was not trained on, where that was measured", task));
        }
    }

    private Gauge gauge(String name, ToDoubleFunction<InForce> value, String description, String task) {
        return Gauge.builder(name, () -> value.applyAsDouble(tasks.getOrDefault(task, InForce.NONE)))
                .description(description)
                .tag("task", task)
                .strongReference(true)
                .register(registry);
    }

    @Override
    public synchronized void gone(String task) {
        remove(versions, task);
        remove(scores, task);
        tasks.remove(task);
    }

    private void remove(Map<String, Meter> series, String task) {
        Optional.ofNullable(series.remove(task)).ifPresent(registry::remove);
    }
}
