package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.record.Outcome;
import io.metaie.record.Reason;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch takes longer than {@code max.poll.interval.ms} (6 s here): nobody is expelled, nothing is done twice. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class SlowBatchTest extends StreamTest {

    @Test
    void isDoneOnce() {
        Map<String, Integer> tries = new ConcurrentHashMap<>();
        Executor later = CompletableFuture.delayedExecutor(8, TimeUnit.SECONDS);
        faults.plan(record -> {
            int before = tries.merge(record.place(), 1, Integer::sum);
            return before == 1
                    ? Optional.of(CompletableFuture.supplyAsync(
                            () -> new Outcome.Rejected(Reason.NO_LABELS, "slow"), later))
                    : Optional.empty();
        });
        stream.sendMany(30, "slow-");
        stream.verify(PATIENCE);
        assertEquals(30, stream.deadLetters().size());
        assertTrue(tries.values().stream().allMatch(times -> times == 1), tries::toString);
    }
}
