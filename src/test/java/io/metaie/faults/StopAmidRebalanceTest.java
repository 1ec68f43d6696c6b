package io.metaie.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An instance ends after partitions were taken from one of its lanes and before the other had them. Its successor, the same
 * static members, gets back that state without a rebalance.
 */
@Tag("service")
class StopAmidRebalanceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void whatWasOnItsWayFindsAnOwner() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            try (ServiceApp first = ServiceApp.start(broker.bootstrap(), "one").awaitReady()) {
                first.app().terminate(); // the topics are there
            }
            leaveHalfShared(broker.bootstrap());
            try (ServiceApp second = ServiceApp.start(broker.bootstrap(), "one", "metaie.lanes=2").awaitReady();
                    ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
                stream.sendMany(40, "orphan-"); // on all four partitions
                stream.verify(PATIENCE);
                assertEquals(40, stream.extractions().size());
                assertTrue(second.app().err().contains("Nobody owns"), second.app().err());
            }
        }
    }

    /** The second lane has all partitions, the first comes, the second gives two of them up and ends. */
    private static void leaveHalfShared(String bootstrap) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        try (Consumer<byte[], byte[]> second = lane(bootstrap, 2)) {
            second.subscribe(List.of(ExactlyOnce.DOCUMENTS), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    if (!ended.getAndSet(true)) { // closing comes here, too
                        throw new KafkaException("ends here");
                    }
                }
            });
            Awaitility.await().atMost(PATIENCE).until(() -> {
                second.poll(Duration.ofMillis(100));
                return second.assignment().size() == 4;
            });
            CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> {
                try (Consumer<byte[], byte[]> consumer = lane(bootstrap, 1)) {
                    consumer.subscribe(List.of(ExactlyOnce.DOCUMENTS));
                    while (!over.get()) {
                        consumer.poll(Duration.ofMillis(100));
                    }
                    return consumer.assignment().size();
                }
            });
            assertThrows(KafkaException.class, () -> Awaitility.await().atMost(PATIENCE).until(() -> {
                second.poll(Duration.ofMillis(100));
                return false;
            }));
            over.set(true);
            assertEquals(0, first.get());
        }
    }

    /** A member of the group under the name of a lane of the instance "one". */
    private static Consumer<byte[], byte[]> lane(String bootstrap, int number) {
        return new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                ConsumerConfig.GROUP_ID_CONFIG, "metaie",
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "metaie-one-" + number,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 60_000),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
