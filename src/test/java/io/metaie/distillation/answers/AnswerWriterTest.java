package io.metaie.distillation.answers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entries of the ledger while brokers fail. */
class AnswerWriterTest {

    private final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
    private final AnswerWriter writer = new AnswerWriter(this::open, "answers", Duration.ofMillis(2));

    private Producer<byte[], byte[]> open() {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        producers.add(producer);
        return producer;
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void brokersThatDoNotAnswerLoseNoEntry() throws Exception {
        CompletableFuture<Void> written = writer.write("k", Optional.of("v"));
        for (int i = 0; i < 3; i++) {
            awaitSend(0);
            assertFalse(written.isDone());
            producers.get(0).errorNext(new TimeoutException("no broker"));
        }
        awaitSend(0);
        producers.get(0).completeNext();
        written.get(10, TimeUnit.SECONDS);
        assertEquals("v", new String(producers.get(0).history().get(3).value(), UTF_8));
        assertEquals(1, producers.size());
    }

    @Test
    void aProducerThatFailedForGoodIsReplaced() throws Exception {
        CompletableFuture<Void> written = writer.write("k", Optional.empty());
        awaitSend(0);
        producers.get(0).errorNext(new OutOfOrderSequenceException("lost"));
        Awaitility.await().until(() -> producers.size() == 2);
        awaitSend(1);
        producers.get(1).completeNext();
        written.get(10, TimeUnit.SECONDS);
        assertTrue(producers.get(0).closed());
    }

    @Test
    void whatTheTopicNeverTakesIsSaidAtOnce() {
        CompletableFuture<Void> written = writer.write("k", Optional.of("v"));
        awaitSend(0);
        producers.get(0).errorNext(new RecordTooLargeException("too large"));
        ExecutionException failure = assertThrows(ExecutionException.class, () -> written.get(10, TimeUnit.SECONDS));
        assertInstanceOf(RecordTooLargeException.class, failure.getCause().getCause());
    }

    @Test
    void whatIsWrittenOnceIsLeftToWhoAsked() {
        CompletableFuture<Void> written = writer.writeOnce("k", "v");
        awaitSend(0);
        producers.get(0).errorNext(new TimeoutException("no broker"));
        assertThrows(ExecutionException.class, () -> written.get(10, TimeUnit.SECONDS));
        assertEquals(1, producers.get(0).history().size());
    }

    @Test
    void theStopEndsTheTries() {
        CompletableFuture<Void> written = writer.write("k", Optional.of("v"));
        awaitSend(0);
        writer.close();
        producers.get(0).errorNext(new TimeoutException("no broker"));
        assertThrows(ExecutionException.class, () -> written.get(10, TimeUnit.SECONDS));
    }

    /** Waits until a producer has an entry in hand. */
    private void awaitSend(int producer) {
        Awaitility.await().until(() -> !producers.get(producer).flushed());
    }
}
