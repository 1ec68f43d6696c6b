package io.metaie.tagging;

import io.metaie.label.Label;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The paper's rule for tasks whose labels exclude one another: of overlapping spans the higher score stays. */
public final class Exclusive {

    private Exclusive() {}

    /**
     * A span with its place.
     *
     * @param <T> what kind it is of, and its head as well
     */
    public interface Placed<T extends Placed<T>> {

        Label label();

        /** Offset of the first UTF-16 unit. */
        int start();

        /** Offset behind the last UTF-16 unit. */
        int end();

        /** From 0 to 1. */
        float score();

        /** The span it was asked about. */
        Optional<T> head();
    }

    /**
     * Keeps, from the highest score down, every span that no kept span of another label overlaps; spans about a head
     * that was dropped are dropped with it. Of equal scores the one found first stays.
     *
     * @param spans in the order found, heads before what hangs on them
     * @return those that stay, in the same order
     */
    public static <T extends Placed<T>> List<T> resolve(List<T> spans) {
        List<T> byScore = new ArrayList<>(spans);
        byScore.sort(Comparator.comparingDouble((T found) -> found.score()).reversed());
        TreeMap<Integer, List<T>> byStart = new TreeMap<>();
        Set<T> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        int longest = 0;
        for (T found : byScore) {
            boolean beaten = byStart.subMap(found.start() - longest, found.end()).values().stream()
                    .flatMap(List::stream)
                    .anyMatch(other -> other.end() > found.start() && !other.label().equals(found.label()));
            if (!beaten) {
                byStart.computeIfAbsent(found.start(), s -> new ArrayList<>()).add(found);
                longest = Math.max(longest, found.end() - found.start());
                kept.add(found);
            }
        }
        // Heads come before what is asked about them, so one pass in the order found removes whole chains.
        List<T> remaining = new ArrayList<>();
        for (T found : spans) {
            if (found.head().isPresent() && !kept.contains(found.head().get())) {
                kept.remove(found);
            }
            if (kept.contains(found)) {
                remaining.add(found);
            }
        }
        return remaining;
    }
}
