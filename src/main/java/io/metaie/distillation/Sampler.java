package io.metaie.distillation;

import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Chooses sentences of a stream for the teacher: a share of them, none twice, and no more than so many an hour. By chance,
 * or those the model was least sure of: then a sentence is taken when its uncertainty is among the highest of the last
 * {@value #REMEMBERED}, as high a share as is to be taken. Thread-safe, and quick for what is not taken.
 */
public final class Sampler {

    private static final int REMEMBERED = 1_000;
    /** Before so many are known, chance chooses. */
    private static final int LEAST_KNOWN = 100;
    /** The bound moves slowly: it is found anew after so many. */
    private static final int STEP = 50;
    /** Sentences further back may come again; their answers are kept anyway. */
    private static final int DISTINCT = 100_000;

    private final double rate;
    private final boolean byUncertainty;
    private final int perHour;
    private final RandomGenerator random;
    private final Clock clock;
    private final double[] last = new double[REMEMBERED];
    private final Map<Long, Boolean> taken = new LinkedHashMap<>(16, 0.75f, false) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > DISTINCT;
        }
    };
    private long seen;
    private double bound;
    private long hour = Long.MIN_VALUE;
    private int thisHour;

    /**
     * @param rate the share taken, 0 to 1
     * @param byUncertainty whether those the model was least sure of are preferred
     * @param perHour no more than this
     * @throws IllegalArgumentException when rate or cap cannot be
     */
    public Sampler(double rate, boolean byUncertainty, int perHour, RandomGenerator random, Clock clock) {
        if (!(rate >= 0 && rate <= 1) || perHour < 0) {
            throw new IllegalArgumentException("metaie.distillation.sample.rate must be 0 to 1, and .per-hour 0 or more");
        }
        this.rate = rate;
        this.byUncertainty = byUncertainty;
        this.perHour = perHour;
        this.random = random;
        this.clock = clock;
    }

    /** Whether anything is ever taken. */
    public boolean isOn() {
        return rate > 0 && perHour > 0;
    }

    /** Whether to take a sentence, by what the model made of it. */
    public synchronized boolean takes(String sentence, double uncertainty) {
        if (!isOn() || !isChosen(uncertainty)) {
            return false;
        }
        long now = clock.instant().getEpochSecond() / 3_600;
        if (now != hour) {
            hour = now;
            thisHour = 0;
        }
        if (thisHour >= perHour
                || taken.putIfAbsent(Long.parseUnsignedLong(Template.hash(sentence).substring(0, 16), 16), true) != null) {
            return false;
        }
        thisHour++;
        return true;
    }

    private boolean isChosen(double uncertainty) {
        if (!byUncertainty) {
            return random.nextDouble() < rate;
        }
        // Chance decides among those at the bound: there may be many, such as sentences of one word that come again and again.
        boolean chosen = seen < LEAST_KNOWN || uncertainty == bound ? random.nextDouble() < rate : uncertainty > bound;
        last[(int) (seen++ % REMEMBERED)] = uncertainty;
        if (seen >= LEAST_KNOWN && seen % STEP == 0) {
            double[] sorted = Arrays.copyOf(last, (int) Math.min(seen, REMEMBERED));
            Arrays.sort(sorted);
            bound = sorted[Math.max(0, Math.min(sorted.length - 1, (int) Math.floor(sorted.length * (1 - rate))))];
        }
        return chosen;
    }
}
