package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.record.Outcome;
import io.metaie.testing.BrokerResource;
import io.metaie.testing.ExactlyOnce;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is too large for the topic it would go to: the answer, or the dead letter itself. The lane lives on. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class TooLargeExtractionTest extends StreamTest {

    @Test
    void anExtractionTheTopicDoesNotTakeIsADeadLetter() {
        byte[] big = "big".getBytes(UTF_8);
        faults.plan(record -> Arrays.equals(big, record.key().orElse(null))
                ? Optional.of(CompletableFuture.completedFuture(new Outcome.Answered("big", new byte[5 << 20], 0)))
                : Optional.empty());
        stream.sendMany(10, "beside-");
        stream.send("big", "Ada Lovelace met Alan Turing.");
        stream.sendMany(10, "behind-");
        stream.verify(PATIENCE);
        assertEquals(20, stream.extractions().size());
        assertEquals("too-large", reasons().values().iterator().next());
    }

    @Test
    void aDeadLetterHoldsTheLargestRecordTheInputTakes() {
        byte[] value = new byte[2_097_000];
        Arrays.fill(value, (byte) 'x');
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(ExactlyOnce.DOCUMENTS, value);
        record.headers().add("content-type", "application/json".getBytes(UTF_8));
        stream.send(record);
        stream.send("probe", "Ada Lovelace lives in Paris.");
        stream.verify(PATIENCE);
        ConsumerRecord<byte[], byte[]> letter = stream.deadLetters().values().iterator().next();
        assertArrayEquals(value, letter.value());
        assertTrue(ExactlyOnce.header(letter, "metaie.cause").orElseThrow().length() <= 1_000);
        assertEquals(1, stream.extractions().size());
    }

    private Map<String, String> reasons() {
        return stream.deadLetters().entrySet().stream().collect(Collectors.toMap(
                Map.Entry::getKey, e -> ExactlyOnce.header(e.getValue(), "metaie.reason").orElseThrow()));
    }
}
