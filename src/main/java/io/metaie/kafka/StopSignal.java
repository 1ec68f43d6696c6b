package io.metaie.kafka;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Told once to stop; ends every pause. */
public final class StopSignal {

    private final CountDownLatch stop = new CountDownLatch(1);

    public void set() {
        stop.countDown();
    }

    public boolean isSet() {
        return stop.getCount() == 0;
    }

    /** Waits so long, or until the signal is set. */
    public void pause(long millis) throws InterruptedException {
        stop.await(millis, TimeUnit.MILLISECONDS);
    }
}
