package io.metaie.kafka;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** How long to wait before the next try: twice as long after each, within bounds, a random half of it. */
public final class Backoff {

    private final long firstMillis;
    private final long longestMillis;
    private long nextMillis;

    public Backoff(Duration first, Duration longest) {
        firstMillis = first.toMillis();
        longestMillis = longest.toMillis();
        nextMillis = firstMillis;
    }

    /** The pause before the next try, milliseconds. */
    public long next() {
        long pause = nextMillis / 2 + ThreadLocalRandom.current().nextLong(nextMillis / 2 + 1);
        nextMillis = Math.min(longestMillis, nextMillis * 2);
        return pause;
    }

    /** Waits before the next try, for those whom nothing but an interrupt stops. */
    public void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(next());
    }

    /** All is well again. */
    public void reset() {
        nextMillis = firstMillis;
    }
}
