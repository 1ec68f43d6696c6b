package io.metaie.distillation;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/**
 * What was spent in each calendar month (UTC), and what is set aside for calls under way. Who applies the same entries in
 * the same order comes to the same decisions: so many can share one budget by sharing the order of their entries.
 */
public final class Spending {

    /** Sums of many small amounts: less than this is no amount. */
    private static final double EPSILON = 1e-9;

    private final Map<YearMonth, Double> spent = new HashMap<>();
    private final Map<String, Reserved> reserved = new HashMap<>();

    private record Reserved(YearMonth month, double amount) {}

    /** An amount was spent at a time. */
    public synchronized void spend(double amount, Instant at) {
        spent.merge(month(at), amount, Double::sum);
    }

    /**
     * Sets an amount aside, if the month's budget has room for it.
     *
     * @param id to release it by
     * @return whether it has
     */
    public synchronized boolean reserve(String id, double amount, double budget, Instant at) {
        if (!hasRoom(amount, budget, at)) {
            return false;
        }
        reserved.put(id, new Reserved(month(at), amount));
        return true;
    }

    /** Whether an amount could be set aside at a time. */
    public synchronized boolean hasRoom(double amount, double budget, Instant at) {
        return total(month(at)) + amount <= budget + EPSILON;
    }

    /** What was set aside under an id no longer is. */
    public synchronized void release(String id) {
        reserved.remove(id);
    }

    /** What was spent in a time's month, or is set aside in it. */
    public synchronized double total(Instant at) {
        return total(month(at));
    }

    /** What was spent in a time's month. */
    public synchronized double spent(Instant at) {
        return spent.getOrDefault(month(at), 0.0);
    }

    private double total(YearMonth month) {
        double sum = spent.getOrDefault(month, 0.0);
        for (Reserved one : reserved.values()) {
            sum += one.month().equals(month) ? one.amount() : 0;
        }
        return sum;
    }

    private static YearMonth month(Instant at) {
        return YearMonth.from(at.atOffset(ZoneOffset.UTC));
    }
}
