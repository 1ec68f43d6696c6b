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
import java.util.stream.Stream;

/**
 * Chooses which waiting queries run together. Owned by one thread at a time; knows no clock and no model.
 *
 * <p>Queries of the stream are taken in windows: of the adapter whose oldest query waits longest, by turns from its
 * sources so that each gets the same number of tokens, sorted by length so that a batch holds queries of like length
 * (attention pads within a batch). Interactive queries wait for no window: each batch takes them first, up to a quarter
 * of its budget while the stream has work too.
 */
final class QueryQueue {

    private final int window;
    private final int budget;
    private final Map<Adapter, Map<Source, Deque<PendingQuery>>> stream = new LinkedHashMap<>();
    private final Map<Adapter, Deque<PendingQuery>> interactive = new LinkedHashMap<>();
    /** The window in work: of one adapter, longest first. */
    private final Deque<PendingQuery> sorted = new ArrayDeque<>();
    private long tokens;
    private boolean interactiveTurn = true;

    QueryQueue(int window, int budget) {
        this.window = window;
        this.budget = budget;
    }

    void add(PendingQuery pending) {
        Adapter adapter = pending.work().adapter;
        if (pending.work().source.interactive()) {
            interactive.computeIfAbsent(adapter, a -> new ArrayDeque<>()).add(pending);
        } else {
            stream.computeIfAbsent(adapter, a -> new LinkedHashMap<>())
                    .computeIfAbsent(pending.work().source, s -> new ArrayDeque<>())
                    .add(pending);
        }
        tokens += pending.length();
    }

    boolean isEmpty() {
        return sorted.isEmpty() && stream.isEmpty() && interactive.isEmpty();
    }

    /** Tokens waiting, unwanted ones included until they are met. */
    long tokens() {
        return tokens;
    }

    /** Since when the oldest query outside the window waits. */
    Optional<Long> oldest() {
        return heads().map(PendingQuery::since).reduce((a, b) -> a - b < 0 ? a : b);
    }

    private Stream<PendingQuery> heads() {
        return Stream.concat(
                interactive.values().stream().map(Deque::peek),
                stream.values().stream().flatMap(sources -> sources.values().stream()).map(Deque::peek));
    }

    /** Whether a window is in work, whose next batch need not wait. */
    boolean hasWindow() {
        return !sorted.isEmpty();
    }

    /** Takes the next batch: queries of one adapter, together within the budget unless a single one exceeds it. */
    List<PendingQuery> next() {
        List<PendingQuery> batch = new ArrayList<>();
        while (batch.isEmpty() && !isEmpty()) {
            if (sorted.isEmpty()) {
                fillWindow();
            }
            boolean contended = !sorted.isEmpty();
            Adapter adapter = contended ? sorted.peek().work().adapter : null;
            int used = 0;
            if (interactive.containsKey(adapter)) {
                used = drain(interactive.get(adapter), budget / 4, batch);
                interactive.values().removeIf(Deque::isEmpty);
            } else if (!interactive.isEmpty() && (!contended || interactiveTurn)) {
                // Another adapter's interactive queries: a batch of their own, every second one at most.
                drain(oldestInteractive(), contended ? budget / 4 : budget, batch);
                interactive.values().removeIf(Deque::isEmpty);
                interactiveTurn = false;
                if (!batch.isEmpty()) {
                    return batch;
                }
            }
            interactiveTurn = true;
            drain(sorted, budget - used, batch);
        }
        return batch;
    }

    /** Moves wanted queries to the batch while they fit; the first always fits an empty batch. */
    private int drain(Deque<PendingQuery> from, int room, List<PendingQuery> batch) {
        int used = 0;
        while (!from.isEmpty()) {
            PendingQuery head = from.peek();
            if (head.wanted()) {
                if (used + head.length() > room && !(batch.isEmpty() && used == 0)) {
                    break;
                }
                batch.add(head);
                used += head.length();
            }
            from.poll();
            tokens -= head.length();
        }
        return used;
    }

    private Deque<PendingQuery> oldestInteractive() {
        return interactive.values().stream()
                .min(Comparator.comparingLong(queue -> queue.peek().since()))
                .orElseThrow();
    }

    private void fillWindow() {
        if (stream.isEmpty()) {
            return;
        }
        Map<Source, Deque<PendingQuery>> sources = oldestStream();
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
        stream.values().removeIf(Map::isEmpty);
        chosen.sort(Comparator.comparingInt(PendingQuery::length).reversed());
        sorted.addAll(chosen);
    }

    private Map<Source, Deque<PendingQuery>> oldestStream() {
        Map<Source, Deque<PendingQuery>> oldest = null;
        long since = 0;
        for (Map<Source, Deque<PendingQuery>> sources : stream.values()) {
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
        interactive.values().forEach(all::addAll);
        stream.values().forEach(sources -> sources.values().forEach(all::addAll));
        sorted.clear();
        interactive.clear();
        stream.clear();
        tokens = 0;
        return all;
    }
}
