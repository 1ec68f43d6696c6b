package io.metaie.load;

import java.util.stream.LongStream;

/**
 * When documents are due, whatever becomes of those before: an open loop.
 *
 * @param dueNanos nanoseconds from the beginning, ascending, one a document
 */
record Arrivals(long[] dueNanos) {

    private static final double SECOND = 1e9;
    /** A gust comes every ten seconds and brings half of what is due in these within one. */
    private static final int GUST_EVERY = 10;
    private static final double GUST_SHARE = 0.5;

    /** One after the other at a constant rate. */
    static Arrivals constant(double aSecond, double seconds) {
        return new Arrivals(LongStream.range(0, Math.max(1, Math.round(aSecond * seconds)))
                .map(i -> (long) (i * SECOND / aSecond)).toArray());
    }

    /** The same on the mean of ten seconds, but half of it in the first of these, evenly, and the rest in the nine others. */
    static Arrivals gusts(double aSecond, double seconds) {
        double inGust = aSecond * GUST_EVERY * GUST_SHARE;
        double between = aSecond * GUST_EVERY * (1 - GUST_SHARE) / (GUST_EVERY - 1);
        long count = Math.max(1, Math.round(aSecond * seconds));
        return new Arrivals(LongStream.range(0, count).map(i -> {
            double period = Math.floor(i / (aSecond * GUST_EVERY));
            double place = i - period * aSecond * GUST_EVERY;
            double second = place < inGust ? place / inGust : 1 + (place - inGust) / between;
            return (long) ((period * GUST_EVERY + second) * SECOND);
        }).toArray());
    }

    int count() {
        return dueNanos.length;
    }

    /** When the last is due, nanoseconds from the beginning. */
    long lastNanos() {
        return dueNanos[dueNanos.length - 1];
    }
}
