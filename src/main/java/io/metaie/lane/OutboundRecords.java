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

    /** What is written about one part, or about the whole. */
    private record Written(ProducerRecord<byte[], byte[]> record, Outcome.Single outcome) {}

    Outbound of(ConsumerRecord<byte[], byte[]> source, Outcome outcome) {
        String place = source.topic() + "-" + source.partition() + "-" + source.offset();
        if (outcome instanceof Outcome.Single single) {
            Written written = written(source, place, single);
            return new Outbound(List.of(written.record()), written.outcome());
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        List<Outcome.Single> parts = new ArrayList<>();
        for (Outcome.Single part : ((Outcome.Parted) outcome).parts()) {
            Written written = written(source, place + "-" + (parts.size() + 1), part);
            records.add(written.record());
            parts.add(written.outcome());
        }
        return new Outbound(records, new Outcome.Parted(parts));
    }

    private Written written(ConsumerRecord<byte[], byte[]> source, String id, Outcome.Single outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            ProducerRecord<byte[], byte[]> record = answer(source, id, answered);
            int bytes = RecordSizes.upperBound(record);
            return bytes <= maxBytes
                    ? new Written(record, outcome)
                    : rejected(source, new Outcome.Rejected(Reason.TOO_LARGE, "the answer is " + bytes
                            + " bytes, and " + topic + " takes records of " + maxBytes + " at most"));
        }
        return rejected(source, (Outcome.Rejected) outcome);
    }

    private ProducerRecord<byte[], byte[]> answer(
            ConsumerRecord<byte[], byte[]> source, String id, Outcome.Answered answered) {
        return new ProducerRecord<>(
                topic,
                null,
                answered.key().getBytes(UTF_8),
                answered.json(),
                CloudEvents.json(id, type, "/metaie/" + source.topic(), Instant.now()));
    }

    private Written rejected(ConsumerRecord<byte[], byte[]> source, Outcome.Rejected rejected) {
        return new Written(
                deadLetters.letter(source, rejected.reason().wireName(), rejected.cause()), rejected);
    }
}
