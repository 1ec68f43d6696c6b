package io.metaie.extraction;

import io.metaie.extraction.DocumentWork.Found;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The paper's rule for tasks whose labels exclude one another: of overlapping spans the higher score stays. */
final class Exclusive {

    private Exclusive() {}

    /**
     * Keeps, from the highest score down, every span that no kept span of another label overlaps; spans about a head
     * that was dropped are dropped with it.
     */
    static List<Found> resolve(List<Found> spans) {
        List<Found> byScore = new ArrayList<>(spans);
        byScore.sort(Comparator.comparingDouble((Found found) -> found.span().score()).reversed());
        TreeMap<Integer, List<Found>> byStart = new TreeMap<>();
        Set<Found> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        int longest = 0;
        for (Found found : byScore) {
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
        List<Found> remaining = new ArrayList<>();
        for (Found found : spans) {
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
