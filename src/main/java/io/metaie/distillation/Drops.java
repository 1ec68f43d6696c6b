package io.metaie.distillation;

import java.util.EnumMap;
import java.util.Map;

/** How much was not taken, by cause. Not thread-safe. */
public final class Drops {

    private final Map<Drop, Integer> counts = new EnumMap<>(Drop.class);

    void count(Drop cause) {
        counts.merge(cause, 1, Integer::sum);
    }

    void add(Map<Drop, Integer> more) {
        more.forEach((cause, count) -> counts.merge(cause, count, Integer::sum));
    }

    Map<Drop, Integer> counts() {
        return Map.copyOf(counts);
    }
}
