package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.record.Outcome;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lag is a number at all times: 0 when all is done, more while documents wait, with the age of the oldest. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class LagGaugeTest extends StreamTest {

    @Test
    void isNothingOrThePlainTruth() {
        awaitLag(0, 0);
        CompletableFuture<Outcome> gate = new CompletableFuture<>();
        faults.plan(record -> gate.isDone() ? Optional.empty() : Optional.of(gate.copy()));
        stream.sendMany(1000, "lag-");
        awaitLag(1000, 2);
        faults.none();
        gate.completeExceptionally(new IllegalStateException("the gate opens"));
        stream.verify(PATIENCE);
        // What a gauge measures must not be collected from under it: it would be NaN from then on.
        System.gc();
        awaitLag(0, 0);
    }

    private static void awaitLag(double records, double atLeastSeconds) {
        Awaitility.await("lag of " + records).atMost(PATIENCE).untilAsserted(() -> {
            double lag = metric("metaie_lag_records");
            double seconds = metric("metaie_lag_seconds");
            assertTrue(lag == records, "records " + lag);
            assertTrue(records == 0 ? seconds == 0 : seconds >= atLeastSeconds && seconds < 60, "seconds " + seconds);
        });
    }
}
