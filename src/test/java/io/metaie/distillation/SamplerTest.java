package io.metaie.distillation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

    @Test
    void takesItsShareByChanceAndNoSentenceTwice() {
        Sampler sampler = sampler(0.2, false, 1_000_000);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            taken += sampler.takes("Sentence " + i, 0) ? 1 : 0;
        }
        assertTrue(taken > 1_800 && taken < 2_200, taken + " taken");
        Sampler all = sampler(1, false, 10);
        assertTrue(all.takes("A", 0));
        assertFalse(all.takes("A", 0));
        assertTrue(all.takes("B", 0));
    }

    @Test
    void prefersWhatTheModelWasLeastSureOf() {
        Sampler sampler = sampler(0.1, true, 1_000_000);
        Random random = new Random(7);
        int taken = 0;
        double least = 1;
        for (int i = 0; i < 20_000; i++) {
            double uncertainty = random.nextDouble();
            if (sampler.takes("Sentence " + i, uncertainty) && i >= 1_000) {
                taken++;
                least = Math.min(least, uncertainty);
            }
        }
        assertTrue(taken > 1_600 && taken < 2_200, taken + " taken");
        assertTrue(least > 0.8, "the least uncertain taken: " + least);
    }

    @Test
    void takesItsShareWhereTheModelIsAsSureOfOneAsOfTheOther() {
        Sampler sampler = sampler(0.1, true, 1_000_000);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            taken += sampler.takes("Sentence " + i, 0) ? 1 : 0;
        }
        assertTrue(taken > 800 && taken < 1_200, taken + " taken");
    }

    @Test
    void takesNoMoreThanSoManyAnHour() {
        Instant[] now = {NOON.instant()};
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now[0];
            }
        };
        Sampler sampler = new Sampler(1, false, 3, new SplittableRandom(1), clock);
        assertEquals(3, taken(sampler, "first"));
        now[0] = now[0].plus(Duration.ofMinutes(59));
        assertEquals(0, taken(sampler, "second"));
        now[0] = now[0].plus(Duration.ofMinutes(1));
        assertEquals(3, taken(sampler, "third"));
    }

    @Test
    void nothingIsTakenWithoutARate() {
        assertFalse(sampler(0, true, 10).isOn());
        assertFalse(sampler(0, true, 10).takes("A", 9));
        assertThrows(IllegalArgumentException.class, () -> sampler(1.1, false, 1));
        assertThrows(IllegalArgumentException.class, () -> sampler(Double.NaN, false, 1));
        assertThrows(IllegalArgumentException.class, () -> sampler(0.5, false, -1));
    }

    private static int taken(Sampler sampler, String prefix) {
        int taken = 0;
        for (int i = 0; i < 10; i++) {
            taken += sampler.takes(prefix + i, 0) ? 1 : 0;
        }
        return taken;
    }

    private static Sampler sampler(double rate, boolean byUncertainty, int perHour) {
        return new Sampler(rate, byUncertainty, perHour, new SplittableRandom(1), NOON);
    }
}
