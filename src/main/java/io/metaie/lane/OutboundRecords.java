package io.metaie.lane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.CloudEvents;
import io.metaie.kafka.DeadLetters;
import io.metaie.kafka.RecordSizes;
import io.metaie.record.Outcome;
import io.metaie.record.Reason;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What is written about a record: its extraction, or, when that is too large for its topic too, its dead letter. */
final class OutboundRecords {

    private static final String TYPE = "io.metaie.extraction.v1";

    private final String spans;
    private final int maxBytes;
    private final DeadLetters deadLetters;

    /**
     * @param spans the topic of the extractions
     * @param maxBytes the largest record that topic takes
     */
    OutboundRecords(String spans, int maxBytes, DeadLetters deadLetters) {
        this.spans = spans;
        this.maxBytes = maxBytes;
        this.deadLetters = deadLetters;
    }

    /** The largest batch that each of the topics takes, in bytes. */
    int maxBatchBytes() {
        return Math.min(maxBytes, deadLetters.maxBytes());
    }

    /**
     * @param outcome what really becomes of the record, its answer's size considered
     */
    record Outbound(ProducerRecord<byte[], byte[]> record, Outcome outcome) {}

    Outbound of(ConsumerRecord<byte[], byte[]> source, Outcome outcome) {
        if (outcome instanceof Outcome.Extracted extracted) {
            ProducerRecord<byte[], byte[]> record = extraction(source, extracted);
            int bytes = RecordSizes.upperBound(record);
            return bytes <= maxBytes
                    ? new Outbound(record, outcome)
                    : rejected(source, new Outcome.Rejected(Reason.TOO_LARGE, "the extraction is " + bytes
                            + " bytes, and " + spans + " takes records of " + maxBytes + " at most"));
        }
        return rejected(source, (Outcome.Rejected) outcome);
    }

    private ProducerRecord<byte[], byte[]> extraction(
            ConsumerRecord<byte[], byte[]> source, Outcome.Extracted extracted) {
        String place = source.topic() + "-" + source.partition() + "-" + source.offset();
        return new ProducerRecord<>(
                spans,
                null,
                extracted.documentId().getBytes(UTF_8),
                extracted.json(),
                CloudEvents.json(place, TYPE, "/metaie/" + source.topic(), Instant.now()));
    }

    private Outbound rejected(ConsumerRecord<byte[], byte[]> source, Outcome.Rejected rejected) {
        return new Outbound(
                deadLetters.letter(source, rejected.reason().wireName(), rejected.cause()), rejected);
    }
}
