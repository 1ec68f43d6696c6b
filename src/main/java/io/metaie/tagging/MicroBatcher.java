package io.metaie.tagging;

import io.metaie.tagging.BatchObserver.BatchRun;
import io.metaie.tagging.PendingQuery.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Joins queries of many documents to batches and runs them on the tagger. One thread composes batches and lays out
 * their inputs while the workers run the ones before; a batch is handed over only when a worker is free, so that an
 * interactive query waits for at most one prepared batch. The workers are platform threads that live as long as the
 * batcher and never wait for anything but the next batch.
 *
 * <p>The batcher accepts everything it is given: whoever submits bounds the number of documents in work before their
 * first query, and later queries of admitted documents must always pass (a full queue would deadlock them).
 */
public final class MicroBatcher implements AutoCloseable {

    private static final int TRIES = 3;

    private final Tagger tagger;
    private final BatchSettings settings;
    private final BatchObserver observer;
    private final QueryQueue queue;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final SynchronousQueue<Prepared> handover = new SynchronousQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private volatile long progress = System.nanoTime();
    private volatile boolean closed;

    public MicroBatcher(Tagger tagger, BatchSettings settings, BatchObserver observer) {
        this.tagger = tagger;
        this.settings = settings;
        this.observer = observer;
        this.queue = new QueryQueue(settings.window(), settings.tokens());
        start("batcher", this::compose);
        for (int i = 1; i <= settings.workers(); i++) {
            start("tagger-" + i, this::work);
        }
    }

    private void start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /**
     * Asks queries of one adapter. Cancelling the future drops those that have not run yet.
     *
     * @return one answer a query, in order; completed by a worker, so what follows must be quick or go elsewhere. Fails
     *     with {@link TaggerUnavailableException} when the device is at fault or the batcher is closed, with
     *     {@link QueryFailedException} when a query failed three times by itself
     */
    public CompletableFuture<List<Tags>> submit(Source source, Adapter adapter, List<Query> queries) {
        if (queries.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        Work work = new Work(source, adapter, queries);
        long now = System.nanoTime();
        lock.lock();
        try {
            if (closed) {
                work.future.completeExceptionally(new TaggerUnavailableException("the tagger is stopping", null));
                return work.future;
            }
            if (queue.isEmpty() && running.get() == 0) {
                progress = now;
            }
            for (int i = 0; i < queries.size(); i++) {
                queue.add(new PendingQuery(work, i, now));
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
        return work.future;
    }

    /** For how long work has been waiting without any batch ending; zero when there is none. */
    public Duration stalledFor() {
        lock.lock();
        try {
            boolean idle = queue.isEmpty() && running.get() == 0;
            return idle ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - progress));
        } finally {
            lock.unlock();
        }
    }

    /** Tokens that wait for a batch. */
    public long waitingTokens() {
        lock.lock();
        try {
            return queue.tokens();
        } finally {
            lock.unlock();
        }
    }

    private void compose() {
        try {
            while (!closed) {
                List<PendingQuery> batch = awaitBatch();
                if (batch.isEmpty()) {
                    continue;
                }
                running.incrementAndGet();
                try {
                    handover.put(new Prepared(batch, prepare(batch)));
                } catch (InterruptedException e) {
                    unavailable(batch, e);
                    throw e;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What cannot even be laid out is tried query by query, like a batch that fails. */
    private Tagger.Batch prepare(List<PendingQuery> batch) {
        try {
            return layOut(batch);
        } catch (RuntimeException | Error e) {
            return new FailedBatch(e);
        }
    }

    private Tagger.Batch layOut(List<PendingQuery> batch) {
        return tagger.prepare(batch.get(0).work().adapter, batch.stream().map(PendingQuery::query).toList());
    }

    private List<PendingQuery> awaitBatch() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty()) {
                arrived.await();
            }
            while (!queue.hasWindow() && queue.tokens() < settings.tokens()) {
                long oldest = queue.oldest().orElse(System.nanoTime());
                long left = settings.maxDelay().toNanos() - (System.nanoTime() - oldest);
                if (left <= 0 || arrived.awaitNanos(left) <= 0) {
                    break;
                }
            }
            return queue.next();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            while (true) {
                Prepared prepared = handover.take();
                try {
                    run(prepared);
                } catch (RuntimeException | Error e) {
                    // Not the tagger: those who hear of the batch. A worker that ended would never be missed.
                    unavailable(prepared.queries, e);
                } finally {
                    running.decrementAndGet();
                    progress = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Prepared prepared) {
        long start = System.nanoTime();
        List<Tags> answers;
        try {
            answers = prepared.batch.run();
            if (answers.size() != prepared.queries.size()) {
                throw new IllegalStateException(
                        answers.size() + " answers to " + prepared.queries.size() + " queries");
            }
        } catch (TaggerException | RuntimeException | Error e) {
            if (infrastructure(e)) {
                unavailable(prepared.queries, e);
            } else {
                prepared.queries.forEach(this::runAlone);
            }
            return;
        }
        long end = System.nanoTime();
        long oldest = prepared.queries.stream().mapToLong(PendingQuery::since).min().orElse(start);
        observer.ran(new BatchRun(prepared.queries.size(), prepared.batch.tokens(), prepared.batch.padding(),
                settings.tokens(), start - oldest, end - start));
        for (int i = 0; i < answers.size(); i++) {
            PendingQuery pending = prepared.queries.get(i);
            pending.work().answer(pending.index(), answers.get(i));
        }
    }

    /** After a batch failed: one bad query must not cost its batch-mates. */
    private void runAlone(PendingQuery pending) {
        Throwable last = null;
        for (int attempt = 2; attempt <= TRIES && pending.wanted(); attempt++) {
            try {
                pending.work().answer(pending.index(), layOut(List.of(pending)).run().get(0));
                return;
            } catch (TaggerException | RuntimeException | Error e) {
                if (infrastructure(e)) {
                    unavailable(List.of(pending), e);
                    return;
                }
                last = e;
            }
            progress = System.nanoTime();
        }
        pending.work().future.completeExceptionally(
                new QueryFailedException("a query failed " + TRIES + " times by itself (" + last + ")", last));
    }

    private static boolean infrastructure(Throwable e) {
        // No other Error: a query that provokes one (a stack overflow, say) would be asked for ever.
        return e instanceof OutOfMemoryError
                || e instanceof LinkageError
                || e instanceof TaggerException failure && failure.infrastructure();
    }

    private static void unavailable(List<PendingQuery> queries, Throwable cause) {
        TaggerUnavailableException e = new TaggerUnavailableException("the tagger failed: " + cause.getMessage(), cause);
        queries.forEach(pending -> pending.work().future.completeExceptionally(e));
    }

    /** Fails what waits, lets running batches end, and stops the threads. The tagger stays open. */
    @Override
    public void close() {
        List<PendingQuery> left;
        lock.lock();
        try {
            closed = true;
            left = queue.clear();
        } finally {
            lock.unlock();
        }
        unavailable(left, new IllegalStateException("stopping"));
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(10).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private record Prepared(List<PendingQuery> queries, Tagger.Batch batch) {}

    /** A batch whose layout failed: running it says so. */
    private record FailedBatch(Throwable cause) implements Tagger.Batch {
        @Override
        public List<Tags> run() throws TaggerException {
            throw new TaggerException("a batch could not be laid out", infrastructure(cause), cause);
        }

        @Override
        public int tokens() {
            return 0;
        }

        @Override
        public int padding() {
            return 0;
        }
    }
}
