package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.kafka.KafkaClients;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Another producer takes a lane's transactional id: the lane opens its own anew and goes on. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class ProducerFencedTest extends StreamTest {

    @Inject
    KafkaClients clients;

    @Test
    void theLaneTakesItsNameBack() {
        stream.sendMany(300, "fenced-");
        stream.awaitAnswers(20, PATIENCE);
        for (String lane : new String[] {"metaie-test-1", "metaie-test-2"}) {
            try (Producer<byte[], byte[]> other = clients.producer("other", Map.of("transactional.id", lane))) {
                other.initTransactions();
            }
        }
        stream.verify(PATIENCE);
        assertEquals(300, stream.extractions().size());
    }

    /** More is waiting than the lanes have in hand: what was polled ahead on other partitions is neither lost nor answered twice. */
    @Test
    @Tag("faults")
    void aLongQueueIsNotMixedUp() {
        stream.sendMany(3000, "queue-");
        for (int i = 1; i <= 4; i++) {
            stream.awaitAnswers(stream.answered() + 100, PATIENCE);
            try (Producer<byte[], byte[]> other = clients.producer("other", Map.of("transactional.id", "metaie-test-1"))) {
                other.initTransactions();
            }
        }
        stream.verify(PATIENCE);
        assertEquals(3000, stream.extractions().size());
    }
}
