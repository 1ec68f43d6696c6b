package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.record.Outcome;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tagger takes a query and never answers: liveness says so, and nothing is lost or dead when it goes on. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class TaggerHangsTest extends StreamTest {

    @Test
    void livenessFails() {
        CompletableFuture<Outcome> never = new CompletableFuture<>();
        faults.plan(record -> record.offset() % 5 == 0 && !never.isDone() ? Optional.of(never.copy()) : Optional.empty());
        stream.sendMany(40, "hang-");
        awaitHealth("live", 503);
        assertTrue(healthBody("live").contains("no progress of the tagger"), healthBody("live"));
        faults.none();
        never.completeExceptionally(new TimeoutException("released"));
        awaitHealth("live", 200);
        stream.verify(PATIENCE);
        assertEquals(40, stream.extractions().size());
    }
}
