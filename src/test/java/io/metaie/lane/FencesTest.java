package io.metaie.lane;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FencesTest {

    private final Fences fences = new Fences();

    @Test
    void threeWithinAMinuteAreMany() {
        fences.count(second(0));
        fences.count(second(20));
        assertFalse(fences.many(second(20)));
        fences.count(second(59));
        assertTrue(fences.many(second(59)));
    }

    @Test
    void theyAreForgottenAfterAMinute() {
        fences.count(second(0));
        fences.count(second(1));
        fences.count(second(2));
        assertTrue(fences.many(second(59)));
        assertFalse(fences.many(second(60)));
    }

    @Test
    void oneEveryHalfMinuteIsNotMany() {
        for (int i = 0; i < 10; i++) {
            fences.count(second(30 * i));
            assertFalse(fences.many(second(30 * i)));
        }
    }

    private static long second(long second) {
        return TimeUnit.SECONDS.toNanos(second);
    }
}
