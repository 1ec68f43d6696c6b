package io.metaie.console;

import io.metaie.feed.FeedItem;
import io.metaie.feed.FeedItem.Kind;
import io.vertx.core.MultiMap;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a client wants to see.
 *
 * @param kinds what kinds of items
 * @param task only of this task
 * @param label only extractions that found this label
 * @param document only what is about the document of this id, or of this place
 * @param text whether extractions come with their documents' texts
 * @param perSecond how many extractions a second at most
 */
record StreamFilter(Set<Kind> kinds, Optional<String> task, Optional<String> label, Optional<String> document,
        boolean text, double perSecond) {

    private static final int MAX_PER_SECOND = 1_000;

    /**
     * Reads a query.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    static StreamFilter of(MultiMap query) {
        return new StreamFilter(kinds(query.get("events")), given(query.get("task")), given(query.get("label")),
                given(query.get("document")), Boolean.parseBoolean(query.get("text")), perSecond(query.get("max")));
    }

    boolean takes(FeedItem item) {
        if (item.kind() == Kind.READY) {
            return true;
        }
        if (!kinds.contains(item.kind())) {
            return false;
        }
        return switch (item.kind()) {
            case READY, STATS -> true;
            case EVENT -> document.isEmpty() && isOfTask(item);
            case DEAD_LETTER -> label.isEmpty() && isOfTask(item) && isOfDocument(item);
            case EXTRACTION -> isOfTask(item) && isOfDocument(item) && (label.isEmpty() || item.labels().contains(label.get()));
        };
    }

    private boolean isOfTask(FeedItem item) {
        return task.isEmpty() || task.equals(item.task());
    }

    private boolean isOfDocument(FeedItem item) {
        return document.isEmpty() || item.documents().contains(document.get());
    }

    private static Set<Kind> kinds(String names) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        if (names == null) {
            return EnumSet.of(Kind.EXTRACTION, Kind.DEAD_LETTER, Kind.EVENT);
        }
        Arrays.stream(names.split(",")).map(String::strip).filter(name -> !name.isEmpty()).forEach(name -> kinds.add(
                Kind.of(name).orElseThrow(() -> new IllegalArgumentException(
                        "\"events\" takes extraction, dead-letter, event and stats, separated by commas"))));
        return kinds;
    }

    private static double perSecond(String max) {
        if (max == null) {
            return MAX_PER_SECOND;
        }
        try {
            double value = Double.parseDouble(max);
            if (value > 0 && value <= MAX_PER_SECOND) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException("\"max\" takes a number above 0, " + MAX_PER_SECOND + " at most");
    }

    private static Optional<String> given(String value) {
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }
}
