package io.metaie.tagging;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses which waiting queries of the stream run together. Owned by one thread at a time; knows no clock and no model.
 *
 * <p>Queries are taken in windows: of the adapter whose oldest query waits longest, by turns from its sources so that
 * each gets the same number of tokens, sorted by length so that a batch holds queries of like length (attention pads
 * within a batch).
 */
final class QueryQueue {

    private final int window;
    private final int budget;
    private final Map<Adapter, Map<Source, Deque<PendingQuery>>> waiting = new LinkedHashMap<>();
    /** The window in work: of one adapter, longest first. */
    private final Deque<PendingQuery> sorted = new ArrayDeque<>();
    private long tokens;

    /** @param budget tokens of a batch */
    QueryQueue(int window, int budget) {
        this.window = window;
        this.budget = budget;
    }

    void add(PendingQuery pending) {
        waiting.computeIfAbsent(pending.work().adapter, a -> new LinkedHashMap<>())
                .computeIfAbsent(pending.work().source, s -> new ArrayDeque<>())
                .add(pending);
        tokens += pending.length();
    }

    boolean isEmpty() {
        return sorted.isEmpty() && waiting.isEmpty();
    }

    /** Tokens waiting, unwanted ones included until they are met. */
    long tokens() {
        return tokens;
    }

    /** Since when the oldest query outside the window waits. */
    Optional<Long> oldest() {
        return waiting.values().stream()
                .flatMap(sources -> sources.values().stream())
                .map(queue -> queue.peek().since())
                .reduce((a, b) -> a - b < 0 ? a : b);
    }

    /** Whether the next batch need not wait for more queries: a window is in work, or there are enough for a batch. */
    boolean hasBatch() {
        return !sorted.isEmpty() || tokens >= budget;
    }

    /** Takes the next batch: queries of one adapter, together within the budget unless a single one exceeds it. */
    List<PendingQuery> next() {
        List<PendingQuery> batch = new ArrayList<>();
        while (batch.isEmpty() && !isEmpty()) {
            if (sorted.isEmpty()) {
                fillWindow();
            }
            drain(batch);
        }
        return batch;
    }

    /** Moves wanted queries of the window to the batch while they fit; the first always fits. */
    private void drain(List<PendingQuery> batch) {
        int used = 0;
        while (!sorted.isEmpty()) {
            PendingQuery head = sorted.peek();
            if (head.wanted()) {
                if (used + head.length() > budget && !batch.isEmpty()) {
                    break;
                }
                batch.add(head);
                used += head.length();
            }
            sorted.poll();
            tokens -= head.length();
        }
    }

    private void fillWindow() {
        if (waiting.isEmpty()) {
            return;
        }
        Map<Source, Deque<PendingQuery>> sources = longestWaiting();
        List<PendingQuery> chosen = new ArrayList<>();
        Map<Source, Long> given = new HashMap<>();
        while (chosen.size() < window && !sources.isEmpty()) {
            Source poorest = sources.keySet().stream()
                    .min(Comparator.comparingLong(source -> given.getOrDefault(source, 0L)))
                    .orElseThrow();
            Deque<PendingQuery> queue = sources.get(poorest);
            PendingQuery head = queue.poll();
            if (queue.isEmpty()) {
                sources.remove(poorest);
            }
            if (head.wanted()) {
                chosen.add(head);
                given.merge(poorest, (long) head.length(), Long::sum);
            } else {
                tokens -= head.length();
            }
        }
        waiting.values().removeIf(Map::isEmpty);
        chosen.sort(Comparator.comparingInt(PendingQuery::length).reversed());
        sorted.addAll(chosen);
    }

    private Map<Source, Deque<PendingQuery>> longestWaiting() {
        Map<Source, Deque<PendingQuery>> oldest = null;
        long since = 0;
        for (Map<Source, Deque<PendingQuery>> sources : waiting.values()) {
            for (Deque<PendingQuery> queue : sources.values()) {
                long head = queue.peek().since();
                if (oldest == null || head - since < 0) {
                    oldest = sources;
                    since = head;
                }
            }
        }
        return oldest;
    }

    /** Everything that waits, taken out. */
    List<PendingQuery> clear() {
        List<PendingQuery> all = new ArrayList<>(sorted);
        waiting.values().forEach(sources -> sources.values().forEach(all::addAll));
        sorted.clear();
        waiting.clear();
        tokens = 0;
        return all;
    }
}
