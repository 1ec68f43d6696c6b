package io.metaie.lane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.CloudEvents;
import io.metaie.kafka.DeadLetters;
import io.metaie.kafka.RecordSizes;
import io.metaie.record.Outcome;
import io.metaie.record.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What is written about a record: its answers, or, for those that are too large for their topic too, dead letters. */
final class OutboundRecords {

    private final String topic;
    private final String type;
    private final int maxBytes;
    private final DeadLetters deadLetters;

    /**
     * @param topic the topic of the answers
     * @param type what an answer is called as a CloudEvent
     * @param maxBytes the largest record that topic takes
     */
    OutboundRecords(String topic, String type, int maxBytes, DeadLetters deadLetters) {
        this.topic = topic;
        this.type = type;
        this.maxBytes = maxBytes;
        this.deadLetters = deadLetters;
    }

    /** The largest batch that each of the topics takes, in bytes. */
    int maxBatchBytes() {
        return Math.min(maxBytes, deadLetters.maxBytes());
    }

    /**
     * What is written.
     *
     * @param outcome what really becomes of the record, its answers' sizes considered
     */
    record Outbound(List<ProducerRecord<byte[], byte[]>> records, Outcome outcome) {}

    Outbound of(ConsumerRecord<byte[], byte[]> source, Outcome outcome) {
        String place = source.topic() + "-" + source.partition() + "-" + source.offset();
        if (outcome instanceof Outcome.Single single) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(1);
            Outcome.Single real = answer(source, place, single, records);
            if (real instanceof Outcome.Rejected rejected) {
                records.add(deadLetters.letter(source, rejected.reason().wireName(), rejected.cause()));
            }
            return new Outbound(records, real);
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        List<Outcome.Part> parts = new ArrayList<>();
        List<DeadLetters.Fault> faults = new ArrayList<>();
        for (Outcome.Part part : ((Outcome.Parted) outcome).parts()) {
            Outcome.Single real = answer(source, place + "-" + part.number(), part.outcome(), records);
            if (real instanceof Outcome.Rejected rejected) {
                faults.add(new DeadLetters.Fault(part.number(), rejected.reason().wireName(), rejected.cause()));
            }
            parts.add(new Outcome.Part(part.number(), real));
        }
        records.addAll(deadLetters.letters(source, faults));
        return new Outbound(records, new Outcome.Parted(parts));
    }

    /** Adds the answer, if there is one that its topic takes. */
    private Outcome.Single answer(ConsumerRecord<byte[], byte[]> source, String id, Outcome.Single outcome,
            List<ProducerRecord<byte[], byte[]>> records) {
        if (!(outcome instanceof Outcome.Answered answered)) {
            return outcome;
        }
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
                null,
                answered.key().getBytes(UTF_8),
                answered.json(),
                CloudEvents.json(id, type, "/metaie/" + source.topic(), Instant.now()));
        int bytes = RecordSizes.upperBound(record);
        if (bytes > maxBytes) {
            return new Outcome.Rejected(Reason.TOO_LARGE, "the answer is " + bytes
                    + " bytes, and " + topic + " takes records of " + maxBytes + " at most");
        }
        records.add(record);
        return outcome;
    }
}
