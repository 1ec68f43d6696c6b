package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.KafkaClients;
import io.metaie.testing.BrokerControl;
import io.metaie.testing.BrokerResource;
import io.metaie.testing.ExactlyOnce;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The group moves on while a batch is in hand, and when the lane wants to go back to the committed offsets the broker is
 * away. That is repeated until it succeeds.
 */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("faults")
class ResetTimeoutTest extends StreamTest {

    @Inject
    KafkaClients clients;

    @Test
    void isRepeatedUntilItIsWhole() {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch holding = new CountDownLatch(2);
        faults.plan(record -> {
            holding.countDown();
            try {
                held.await(); // on the lane's own thread, which therefore does not see the group move on
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        });
        stream.sendMany(200, "reset-");
        Awaitility.await().atMost(PATIENCE).until(() -> holding.getCount() == 0);
        joinAndLeave();
        BrokerControl.stop();
        try {
            faults.none();
            held.countDown();
            Awaitility.await().atMost(PATIENCE)
                    .until(() -> healthBody("ready").contains("cannot go back to the committed offsets"));
            assertEquals(200, health("live"));
        } finally {
            BrokerControl.start();
        }
        stream.verify(PATIENCE);
        assertEquals(200, stream.extractions().size());
    }

    /** A stranger in the group: with it the generation changes, and with its leaving once more. */
    private void joinAndLeave() {
        Map<String, Object> stranger = Map.of(
                "group.id", "metaie",
                "partition.assignment.strategy", CooperativeStickyAssignor.class.getName(),
                "enable.auto.commit", false,
                "session.timeout.ms", 6_000,
                "max.poll.records", 1);
        try (Consumer<byte[], byte[]> consumer = clients.consumer("stranger", stranger)) {
            consumer.subscribe(Set.of(ExactlyOnce.DOCUMENTS));
            Awaitility.await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
            });
            assertTrue(consumer.groupMetadata().generationId() > 0);
        }
    }
}
