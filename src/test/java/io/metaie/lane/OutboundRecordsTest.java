package io.metaie.lane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.DeadLetters;
import io.metaie.lane.OutboundRecords.Outbound;
import io.metaie.record.Outcome;
import io.metaie.record.Reason;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class OutboundRecordsTest {

    private final OutboundRecords outbound = new OutboundRecords("spans", "io.metaie.extraction.v1", 1_000, new DeadLetters("dead", 5_000));
    private final ConsumerRecord<byte[], byte[]> source =
            new ConsumerRecord<>("documents", 3, 42, "k".getBytes(UTF_8), "text".getBytes(UTF_8));

    @Test
    void anExtractionIsACloudEventUnderItsDocumentsName() {
        Outcome outcome = new Outcome.Answered("d-1", "{}".getBytes(UTF_8), 0);
        Outbound out = outbound.of(source, outcome);
        assertSame(outcome, out.outcome());
        ProducerRecord<byte[], byte[]> record = out.records().get(0);
        assertEquals("spans", record.topic());
        assertArrayEquals("d-1".getBytes(UTF_8), record.key());
        assertArrayEquals("{}".getBytes(UTF_8), record.value());
        assertEquals("1.0", header(record, "ce_specversion"));
        assertEquals("documents-3-42", header(record, "ce_id"));
        assertEquals("io.metaie.extraction.v1", header(record, "ce_type"));
        assertEquals("/metaie/documents", header(record, "ce_source"));
        assertEquals("application/json", header(record, "content-type"));
        assertTrue(Instant.parse(header(record, "ce_time")).isAfter(Instant.EPOCH));
    }

    @Test
    void anExtractionItsTopicDoesNotTakeIsADeadLetter() {
        Outbound out = outbound.of(source, new Outcome.Answered("d-1", new byte[1_000], 0));
        Outcome.Rejected rejected = (Outcome.Rejected) out.outcome();
        assertEquals(Reason.TOO_LARGE, rejected.reason());
        assertEquals("dead", out.records().get(0).topic());
        assertArrayEquals(source.value(), out.records().get(0).value());
        assertEquals("too-large", header(out.records().get(0), "metaie.reason"));
    }

    @Test
    void aRejectionIsADeadLetter() {
        Outbound out = outbound.of(source, new Outcome.Rejected(Reason.NO_LABELS, "none"));
        assertEquals("dead", out.records().get(0).topic());
        assertEquals("no-labels", header(out.records().get(0), "metaie.reason"));
        assertEquals("none", header(out.records().get(0), "metaie.cause"));
    }

    @Test
    void partsHaveAnswersAndLettersOfTheirOwn() {
        Outcome outcome = new Outcome.Parted(List.of(
                new Outcome.Part(2, new Outcome.Answered("a", "{}".getBytes(UTF_8), 0)),
                new Outcome.Part(3, new Outcome.Rejected(Reason.TEACHER_REFUSED, "no")),
                new Outcome.Part(5, new Outcome.Answered("b", new byte[1_000], 0))));
        Outbound out = outbound.of(source, outcome);
        assertEquals(List.of("spans", "dead", "dead"), out.records().stream().map(ProducerRecord::topic).toList());
        assertEquals("documents-3-42-2", header(out.records().get(0), "ce_id"));
        assertEquals("3", header(out.records().get(1), "metaie.sentences"));
        assertEquals("5", header(out.records().get(2), "metaie.sentences"));
        List<Outcome.Part> parts = ((Outcome.Parted) out.outcome()).parts();
        assertEquals(List.of(2, 3, 5), parts.stream().map(Outcome.Part::number).toList());
        assertEquals(Reason.TOO_LARGE, ((Outcome.Rejected) parts.get(2).outcome()).reason());
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
