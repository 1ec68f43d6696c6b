package io.metaie.rendering;

import io.metaie.extraction.Extraction.ExtractedSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Places spans in lanes below their text so that no two in one lane overlap; the shorter of two that overlap lies nearer
 * to the text.
 */
final class Lanes {

    private final Map<String, Integer> lanes = new HashMap<>();

    Lanes(List<ExtractedSpan> spans) {
        List<ExtractedSpan> sorted = spans.stream()
                .sorted(Comparator.comparingInt(ExtractedSpan::start).thenComparingInt(ExtractedSpan::end))
                .toList();
        int from = 0;
        int end = 0;
        for (int i = 0; i < sorted.size(); i++) {
            if (i > from && sorted.get(i).start() >= end) {
                place(sorted.subList(from, i));
                from = i;
            }
            end = Math.max(end, sorted.get(i).end());
        }
        place(sorted.subList(from, sorted.size()));
    }

    /** Spans that hang together by overlapping. */
    private void place(List<ExtractedSpan> group) {
        List<List<ExtractedSpan>> taken = new ArrayList<>();
        group.stream().sorted(Comparator.comparingInt(span -> span.end() - span.start())).forEach(span -> {
            int lane = 0;
            for (int k = 0; k < taken.size(); k++) {
                // Above the highest it overlaps, so that what is nested is enclosed on every side.
                if (taken.get(k).stream().anyMatch(other -> overlap(span, other))) {
                    lane = k + 1;
                }
            }
            if (lane == taken.size()) {
                taken.add(new ArrayList<>());
            }
            taken.get(lane).add(span);
            lanes.put(span.id(), lane);
        });
    }

    private static boolean overlap(ExtractedSpan a, ExtractedSpan b) {
        return a.start() < b.end() && b.start() < a.end();
    }

    /** The lane of a span, 0 nearest to the text. */
    int of(ExtractedSpan span) {
        return lanes.get(span.id());
    }

    /** How many lanes there are. */
    int count() {
        return lanes.values().stream().mapToInt(lane -> lane + 1).max().orElse(0);
    }
}
