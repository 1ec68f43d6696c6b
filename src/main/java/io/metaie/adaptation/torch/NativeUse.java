package io.metaie.adaptation.torch;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps the process from ending while native code computes. An ending process takes the library's global objects away
 * from under threads that still use them, which then crash instead of ending. So the end waits for what runs, and what
 * would begin is cancelled.
 */
final class NativeUse {

    /** Longer than a step of a large model takes. */
    private static final long PATIENCE_SECONDS = 20;

    private static final ReadWriteLock LOCK = new ReentrantReadWriteLock();
    private static volatile boolean ending;

    private NativeUse() {}

    /** To be called once, when the library is loaded. */
    static void guard() {
        Runtime.getRuntime().addShutdownHook(new Thread(NativeUse::end, "training-end"));
    }

    /** Something that native code does. */
    @FunctionalInterface
    interface Use<T, E extends Exception> {
        T run() throws E;
    }

    /**
     * Runs native code.
     *
     * @throws CancellationException when the process is ending
     */
    static <T, E extends Exception> T of(Use<T, E> use) throws E {
        LOCK.readLock().lock();
        try {
            if (ending) {
                throw new CancellationException("the process is ending");
            }
            return use.run();
        } finally {
            LOCK.readLock().unlock();
        }
    }

    /**
     * Runs native code that gives nothing.
     *
     * @throws CancellationException when the process is ending
     */
    static void run(Runnable use) {
        of(() -> {
            use.run();
            return use;
        });
    }

    /** Frees native memory, which an ending process need not do. */
    static void free(Runnable release) {
        LOCK.readLock().lock();
        try {
            if (!ending) {
                release.run();
            }
        } finally {
            LOCK.readLock().unlock();
        }
    }

    private static void end() {
        ending = true;
        try {
            if (LOCK.writeLock().tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOCK.writeLock().unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
