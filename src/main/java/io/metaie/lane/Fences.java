package io.metaie.lane;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Counts how often a lane was fenced: once may be a zombie's end, again and again is a second one of the same name. */
final class Fences {

    private static final int MANY = 3;
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private final Deque<Long> times = new ArrayDeque<>();

    /** @param now {@link System#nanoTime} */
    synchronized void count(long now) {
        times.addLast(now);
        if (times.size() > MANY) {
            times.removeFirst();
        }
    }

    /** Whether it happened three times within the last minute. */
    synchronized boolean many(long now) {
        return times.size() == MANY && now - times.getFirst() < WINDOW_NANOS;
    }
}
