package io.metaie.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is shown of tasks, and that it stays bounded. */
class ControlMetricsTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final ControlMetrics metrics = new ControlMetrics(registry);

    @Test
    void theVersionInForceAndItsF1AreShown() {
        metrics.inForce("news", 0, Optional.empty());
        assertEquals(0, gauge("metaie.adapter.version", "task", "news"));
        assertNull(registry.find("metaie.adapter.f1").gauge(), "nothing was measured of the meta-model");
        metrics.inForce("news", 1, Optional.of(0.75));
        metrics.inForce("news", 2, Optional.of(0.5));
        assertEquals(2, gauge("metaie.adapter.version", "task", "news"));
        assertEquals(0.5, gauge("metaie.adapter.f1", "task", "news"));
        metrics.inForce("news", 3, Optional.empty());
        assertNull(registry.find("metaie.adapter.f1").gauge(), "the F1 of another version says nothing");
        metrics.gone("news");
        assertNull(registry.find("metaie.adapter.version").gauge());
    }

    @Test
    void aThousandTasksAreCountedAndAHundredHaveSeries() {
        int before = registry.getMeters().size();
        IntStream.range(0, 1_000).forEach(i -> metrics.inForce("task " + i, i % 4, Optional.of(0.5)));
        assertEquals(before + 2 * ControlMetrics.TASKS_WITH_SERIES, registry.getMeters().size());
        assertEquals(250, gauge("metaie.tasks", "state", "base"));
        assertEquals(750, gauge("metaie.tasks", "state", "adapted"));
        assertEquals(3, gauge("metaie.adapter.version", "task", "task 3"));
        IntStream.range(0, 1_000).forEach(i -> metrics.gone("task " + i));
        assertEquals(before, registry.getMeters().size());
        assertEquals(0, gauge("metaie.tasks", "state", "base") + gauge("metaie.tasks", "state", "adapted"));
    }

    @Test
    void whereATaskIsGoneTheNextOneToldOfHasSeries() {
        IntStream.range(0, 1_000).forEach(i -> metrics.inForce("task " + i, 1, Optional.empty()));
        metrics.gone("task 0");
        metrics.inForce("task 999", 2, Optional.of(0.5));
        assertEquals(2, gauge("metaie.adapter.version", "task", "task 999"));
        assertEquals(0.5, gauge("metaie.adapter.f1", "task", "task 999"));
    }

    private double gauge(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).gauge().value();
    }
}
