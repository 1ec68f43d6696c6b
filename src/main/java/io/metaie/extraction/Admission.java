package io.metaie.extraction;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Bounds the work in memory: a document enters when the queries of its first stage fit, and leaves when it is answered.
 * Later stages of an admitted document ask for nothing, so no document can wait for another that waits for it. Those
 * that wait form two queues, interactive first; a document larger than everything enters when nothing else is in.
 */
public final class Admission {

    private final int capacity;
    private final Deque<Waiting> interactive = new ArrayDeque<>();
    private final Deque<Waiting> others = new ArrayDeque<>();
    private int taken;

    /** @param capacity queries that may be in work at once */
    public Admission(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be positive: " + capacity);
        }
        this.capacity = capacity;
    }

    /**
     * Waits, without a thread, for room. Cancelling the future gives the place in the queue up.
     *
     * @param queries what the document needs
     * @return a permit, to be closed once
     */
    public CompletableFuture<Permit> enter(int queries, boolean first) {
        Waiting waiting = new Waiting(Math.max(1, Math.min(queries, capacity)), new CompletableFuture<>());
        synchronized (this) {
            (first ? interactive : others).add(waiting);
        }
        admit();
        return waiting.future;
    }

    private void leave(int queries) {
        synchronized (this) {
            taken -= queries;
        }
        admit();
    }

    private void admit() {
        while (true) {
            Waiting next;
            synchronized (this) {
                Deque<Waiting> queue = interactive.isEmpty() ? others : interactive;
                next = queue.peek();
                if (next == null || !next.future.isDone() && taken + next.queries > capacity) {
                    return;
                }
                queue.poll();
                if (next.future.isDone()) {
                    continue;
                }
                taken += next.queries;
            }
            // Outside the lock: what waits runs here. Given up in the meantime: its room goes to the next.
            int queries = next.queries;
            if (!next.future.complete(new Permit(this, queries))) {
                synchronized (this) {
                    taken -= queries;
                }
            }
        }
    }

    private record Waiting(int queries, CompletableFuture<Permit> future) {}

    /** Room in use. */
    public static final class Permit implements AutoCloseable {
        private final Admission admission;
        private int queries;

        private Permit(Admission admission, int queries) {
            this.admission = admission;
            this.queries = queries;
        }

        /** Gives the room back; a second call does nothing. */
        @Override
        public void close() {
            int held;
            synchronized (this) {
                held = queries;
                queries = 0;
            }
            if (held > 0) {
                admission.leave(held);
            }
        }
    }
}
