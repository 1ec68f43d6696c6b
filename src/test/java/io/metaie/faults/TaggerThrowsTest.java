package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.record.InfrastructureException;
import io.metaie.testing.BrokerResource;
import io.metaie.testing.ExactlyOnce;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tagger throws: once, again and again for one document, or because the device is away for a while. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class TaggerThrowsTest extends StreamTest {

    @Test
    void onceAndTheRecordIsTriedAgain() {
        Map<String, Boolean> failed = new ConcurrentHashMap<>();
        faults.plan(record -> record.offset() % 7 == 0 && failed.putIfAbsent(record.place(), true) == null
                ? Optional.of(CompletableFuture.failedFuture(new IllegalStateException("once")))
                : Optional.empty());
        stream.sendMany(100, "once-");
        stream.verify(PATIENCE);
        assertEquals(100, stream.extractions().size());
        assertTrue(!failed.isEmpty());
    }

    @Test
    void threeTimesForOneDocumentAndOnlyThatOneIsDead() {
        byte[] poison = "poison".getBytes(UTF_8);
        AtomicInteger tries = new AtomicInteger();
        faults.plan(record -> {
            if (Arrays.equals(poison, record.key().orElse(null))) {
                tries.incrementAndGet();
                return Optional.of(CompletableFuture.failedFuture(new IllegalStateException("no such tensor")));
            }
            return Optional.empty();
        });
        stream.sendMany(20, "before-");
        stream.send("poison", "Ada Lovelace.");
        stream.sendMany(20, "after-");
        stream.verify(PATIENCE);
        assertEquals(40, stream.extractions().size());
        ConsumerRecord<byte[], byte[]> letter = stream.deadLetters().values().iterator().next();
        assertEquals("failed", ExactlyOnce.header(letter, "metaie.reason").orElseThrow());
        assertTrue(ExactlyOnce.header(letter, "metaie.cause").orElseThrow().contains("no such tensor"));
        assertEquals(3, tries.get());
    }

    @Test
    void becauseTheDeviceIsAwayAndNothingIsDead() {
        AtomicInteger left = new AtomicInteger(60);
        faults.plan(record -> left.getAndDecrement() > 0
                ? Optional.of(CompletableFuture.failedFuture(
                        new InfrastructureException("the device is lost", new IllegalStateException())))
                : Optional.empty());
        stream.sendMany(40, "device-");
        awaitHealth("ready", 503);
        assertTrue(healthBody("ready").contains("the device is lost"), healthBody("ready"));
        assertEquals(200, health("live"));
        stream.verify(PATIENCE);
        assertEquals(40, stream.extractions().size());
        assertEquals(0, stream.deadLetters().size());
    }
}
