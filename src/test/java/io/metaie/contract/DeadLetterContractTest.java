package io.metaie.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.testing.BrokerResource;
import io.metaie.testing.ExactlyOnce;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a dead letter says, and that it can be sent again as it is. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class DeadLetterContractTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    @Test
    void aLetterHasAllThatTheRecordHadAndOnASecondPassBothAccounts() throws Exception {
        byte[] value = "{\"text\":".getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(ExactlyOnce.DOCUMENTS, 1, 1_234_567_890_123L, new byte[] {0, (byte) 0xff}, value);
        record.headers().add("a", bytes("1")).add("a", bytes("2")).add("bin", new byte[] {0, (byte) 0xff}).add("nul", null)
                .add("retryCount", bytes("1")).add("traceparent", bytes("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
                .add("content-type", bytes("application/json"));
        try (ExactlyOnce stream = new ExactlyOnce(bootstrap)) {
            ConsumerRecord<byte[], byte[]> first = pass(record, stream);
            assertEquals("1234567890123", ExactlyOnce.header(first, "metaie.timestamp").orElseThrow());
            ConsumerRecord<byte[], byte[]> second = pass(
                    new ProducerRecord<>(ExactlyOnce.DOCUMENTS, 2, first.key(), first.value(), first.headers()), stream);
            assertArrayEquals(value, second.value());
            assertEquals(List.of("a", "a", "bin", "nul", "retryCount", "traceparent", "content-type"),
                    Arrays.stream(second.headers().toArray()).limit(7).map(Header::key).toList());
            assertEquals("2", ExactlyOnce.header(second, "metaie.partition").orElseThrow());
        }
    }

    private static ConsumerRecord<byte[], byte[]> pass(ProducerRecord<byte[], byte[]> record, ExactlyOnce stream)
            throws Exception {
        RecordMetadata at = stream.send(record).get();
        stream.verify(PATIENCE);
        String place = at.topic() + "-" + at.partition() + "-" + at.offset();
        Map<String, ConsumerRecord<byte[], byte[]>> letters = stream.deadLetters();
        ConsumerRecord<byte[], byte[]> letter = letters.get(place);
        Promises.deadLetter(stream.inputs().get(place), letter);
        assertEquals("invalid-json", ExactlyOnce.header(letter, "metaie.reason").orElseThrow());
        assertEquals(String.valueOf(at.offset()), ExactlyOnce.header(letter, "metaie.offset").orElseThrow());
        return letter;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
