package io.metaie.extraction;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Told once to stop; ends every pause. */
final class StopSignal {

    private final CountDownLatch stop = new CountDownLatch(1);

    void set() {
        stop.countDown();
    }

    boolean isSet() {
        return stop.getCount() == 0;
    }

    /** Waits so long, or until the signal is set. */
    void pause(long millis) throws InterruptedException {
        stop.await(millis, TimeUnit.MILLISECONDS);
    }
}
