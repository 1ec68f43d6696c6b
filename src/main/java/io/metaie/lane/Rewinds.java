package io.metaie.lane;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often the consumer of each channel went back to the committed offsets. A bean of its own, since consumers are made
 * before the lanes.
 */
@ApplicationScoped
class Rewinds {

    private final Map<String, AtomicInteger> channels = new ConcurrentHashMap<>();

    /** The count of a channel, changed by its polling thread only. */
    AtomicInteger of(String channel) {
        return channels.computeIfAbsent(channel, key -> new AtomicInteger());
    }
}
