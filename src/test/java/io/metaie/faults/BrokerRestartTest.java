package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.testing.BrokerControl;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The broker goes away while documents are in work, and comes back. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class BrokerRestartTest extends StreamTest {

    @Test
    void everyDocumentIsAnsweredOnceItIsBack() {
        stream.sendMany(500, "restart-");
        stream.awaitAnswers(50, PATIENCE);
        BrokerControl.stop();
        try {
            awaitHealth("ready", 503);
            assertEquals(200, health("live"));
        } finally {
            BrokerControl.start();
        }
        stream.verify(PATIENCE);
        assertEquals(500, stream.extractions().size());
        double lag = metric("metaie_lag_records");
        assertTrue(lag >= 0 && Double.isFinite(lag), "lag " + lag);
    }
}
