package io.metaie.tagging;

import io.metaie.tagging.BatchObserver.BatchRun;
import io.metaie.tagging.PendingQuery.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Joins queries of many documents to batches and runs them on the tagger. One thread composes batches and lays out
 * their inputs while the workers run the ones before: one of the stream ahead, and one of interactive queries, which
 * overtakes it, so that these wait only for a worker. The workers are platform threads that live as long as the batcher
 * and never wait for anything but the next batch.
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
    private final InteractiveQueue interactive;
    private final ReentrantLock lock = new ReentrantLock();
    /** Something has changed for who composes: queries came, or a prepared batch was taken. */
    private final Condition changed = lock.newCondition();
    private final Condition prepared = lock.newCondition();
    /** Laid out and not yet taken by a worker: at most one of interactive queries and one of the stream. */
    private final PreparedBatches ready = new PreparedBatches();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private volatile long progress = System.nanoTime();
    private volatile boolean closed;

    public MicroBatcher(Tagger tagger, BatchSettings settings, BatchObserver observer) {
        this.tagger = tagger;
        this.settings = settings;
        this.observer = observer;
        this.queue = new QueryQueue(settings.window(), settings.tokens());
        this.interactive = new InteractiveQueue(settings.tokens());
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
            if (idle()) {
                progress = now;
            }
            for (int i = 0; i < queries.size(); i++) {
                PendingQuery pending = new PendingQuery(work, i, now);
                if (source.interactive()) {
                    interactive.add(pending);
                } else {
                    queue.add(pending);
                }
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
        return work.future;
    }

    /** Why nothing can be tagged at present, if that is known. */
    public Optional<String> lost() {
        return tagger.lost();
    }

    /** For how long work has been waiting without any batch ending; zero when there is none. */
    public Duration stalledFor() {
        lock.lock();
        try {
            return idle() ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - progress));
        } finally {
            lock.unlock();
        }
    }

    /** Tokens of the stream that wait for a batch. */
    public long waitingTokens() {
        lock.lock();
        try {
            return queue.tokens();
        } finally {
            lock.unlock();
        }
    }

    private boolean idle() {
        return queue.isEmpty() && interactive.isEmpty() && running.get() == 0;
    }

    private void compose() {
        try {
            while (!closed) {
                List<PendingQuery> batch = awaitBatch();
                if (!batch.isEmpty()) {
                    running.incrementAndGet();
                    offer(PreparedBatch.of(tagger, batch));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<PendingQuery> awaitBatch() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (!ready.hasInteractive() && interactive.due(!queue.isEmpty() || ready.hasStream())) {
                    return interactive.next();
                }
                if (queue.isEmpty() || ready.hasStream()) {
                    changed.await();
                    continue;
                }
                long left = queue.hasBatch() ? 0 : untilFull();
                if (left <= 0) {
                    List<PendingQuery> batch = queue.next();
                    interactive.streamed(batch.stream().mapToInt(PendingQuery::length).sum());
                    return batch;
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** For how long the oldest query may still wait for more, nanoseconds. */
    private long untilFull() {
        long now = System.nanoTime();
        return settings.maxDelay().toNanos() - (now - queue.oldest().orElse(now));
    }

    private void offer(PreparedBatch batch) {
        lock.lock();
        try {
            ready.add(batch);
            prepared.signal();
        } finally {
            lock.unlock();
        }
    }

    private PreparedBatch take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (ready.isEmpty()) {
                prepared.await();
            }
            changed.signal();
            return ready.take();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            while (true) {
                PreparedBatch batch = take();
                try {
                    run(batch);
                } catch (RuntimeException | Error e) {
                    // Not the tagger: those who hear of the batch. A worker that ended would never be missed.
                    unavailable(batch.queries(), e);
                } finally {
                    running.decrementAndGet();
                    progress = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(PreparedBatch prepared) {
        long start = System.nanoTime();
        List<Tags> answers;
        try {
            answers = prepared.batch().run();
            if (answers.size() != prepared.queries().size()) {
                throw new IllegalStateException(
                        answers.size() + " answers to " + prepared.queries().size() + " queries");
            }
        } catch (TaggerException | RuntimeException | Error e) {
            if (TaggerException.isInfrastructure(e)) {
                unavailable(prepared.queries(), e);
            } else {
                prepared.queries().forEach(this::runAlone);
            }
            return;
        }
        long end = System.nanoTime();
        long oldest = prepared.queries().stream().mapToLong(PendingQuery::since).min().orElse(start);
        observer.ran(new BatchRun(prepared.queries().size(), prepared.batch().tokens(), prepared.batch().padding(),
                settings.tokens(), start - oldest, end - start));
        for (int i = 0; i < answers.size(); i++) {
            PendingQuery pending = prepared.queries().get(i);
            pending.work().answer(pending.index(), answers.get(i));
        }
    }

    /** After a batch failed: one bad query must not cost its batch-mates. */
    private void runAlone(PendingQuery pending) {
        Throwable last = null;
        for (int attempt = 2; attempt <= TRIES && pending.wanted(); attempt++) {
            try {
                pending.work().answer(pending.index(), PreparedBatch.layOut(tagger, List.of(pending)).run().get(0));
                return;
            } catch (TaggerException | RuntimeException | Error e) {
                if (TaggerException.isInfrastructure(e)) {
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

    private static void unavailable(List<PendingQuery> queries, Throwable cause) {
        TaggerUnavailableException e = new TaggerUnavailableException("the tagger failed: " + cause.getMessage(), cause);
        queries.forEach(pending -> pending.work().future.completeExceptionally(e));
    }

    /** Fails what waits, lets running batches end, and stops the threads. The tagger stays open. */
    @Override
    public void close() {
        closed = true;
        failWaiting();
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofSeconds(10).toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // What was being laid out meanwhile.
        failWaiting();
    }

    private void failWaiting() {
        List<PendingQuery> left = new ArrayList<>();
        lock.lock();
        try {
            left.addAll(queue.clear());
            left.addAll(interactive.clear());
            while (!ready.isEmpty()) {
                left.addAll(ready.take().queries());
                running.decrementAndGet();
            }
        } finally {
            lock.unlock();
        }
        unavailable(left, new IllegalStateException("stopping"));
    }
}
