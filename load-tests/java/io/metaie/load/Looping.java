package io.metaie.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Does something again and again on a thread of its own, until it is closed; what fails is thrown by the closing. */
final class Looping implements Beside {

    private final Thread thread;
    private volatile boolean closed;
    private volatile Exception failure;

    /** What is done; it may look whether to go on. */
    interface Step {
        void next(Looping loop) throws Exception;
    }

    Looping(String name, Step step) {
        thread = new Thread(() -> {
            try {
                while (!closed) {
                    step.next(this);
                }
            } catch (Exception e) {
                failure = e;
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }

    boolean isClosed() {
        return closed;
    }

    /** Waits, unless it is closed before. */
    void pause(double seconds) {
        long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        while (!closed && System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Override
    public void close() throws Exception {
        closed = true;
        LockSupport.unpark(thread);
        thread.join();
        if (failure != null) {
            throw new IllegalStateException(thread.getName() + " failed", failure);
        }
    }
}
