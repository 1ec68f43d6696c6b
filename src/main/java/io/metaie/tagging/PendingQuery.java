package io.metaie.tagging;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A query in the batcher.
 *
 * @param work what it belongs to
 * @param index its place in the work
 * @param since when it was submitted, {@link System#nanoTime()}
 */
record PendingQuery(Work work, int index, long since) {

    Query query() {
        return work.queries.get(index);
    }

    int length() {
        return query().length();
    }

    /** Whether somebody still waits for the answer. */
    boolean wanted() {
        return !work.future.isDone();
    }

    /** Queries submitted together, answered together. */
    static final class Work {
        final Source source;
        final Adapter adapter;
        final List<Query> queries;
        final CompletableFuture<List<Tags>> future = new CompletableFuture<>();
        private final Tags[] answers;
        private final AtomicInteger open;

        Work(Source source, Adapter adapter, List<Query> queries) {
            this.source = source;
            this.adapter = adapter;
            this.queries = List.copyOf(queries);
            this.answers = new Tags[queries.size()];
            this.open = new AtomicInteger(queries.size());
        }

        /** The last answer completes the work; the counter publishes the answers of other threads before it. */
        void answer(int index, Tags tags) {
            answers[index] = tags;
            if (open.decrementAndGet() == 0) {
                future.complete(Arrays.asList(answers));
            }
        }
    }
}
