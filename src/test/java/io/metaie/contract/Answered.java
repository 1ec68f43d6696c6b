package io.metaie.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.contract.Case.Found;
import io.metaie.kafka.DeadLetters;
import io.metaie.testing.ExactlyOnce;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A case that was sent, and the one record it was answered with.
 *
 * @param source the record as the service reads it
 * @param answer an extraction or a dead letter
 */
record Answered(Case asked, ConsumerRecord<byte[], byte[]> source, ConsumerRecord<byte[], byte[]> answer) {

    private static final double SAME_SCORE = 1e-3;

    /**
     * Sends cases, each list to its own partition, and reads exactly one answer each, in order.
     *
     * @param patience how long that may take
     */
    static List<Answered> of(List<List<Case>> partitions, String bootstrap, Duration patience) throws Exception {
        try (ExactlyOnce stream = new ExactlyOnce(bootstrap)) {
            List<Case> sent = new ArrayList<>();
            List<Future<RecordMetadata>> places = new ArrayList<>();
            for (int partition = 0; partition < partitions.size(); partition++) {
                for (Case one : partitions.get(partition)) {
                    sent.add(one);
                    places.add(stream.send(one.record(ExactlyOnce.DOCUMENTS, partition)));
                }
            }
            stream.verify(patience);
            Map<String, ConsumerRecord<byte[], byte[]>> answers = stream.answers();
            List<Answered> answered = new ArrayList<>();
            for (int i = 0; i < sent.size(); i++) {
                RecordMetadata at = places.get(i).get();
                String place = at.topic() + "-" + at.partition() + "-" + at.offset();
                answered.add(new Answered(sent.get(i), stream.inputs().get(place), answers.get(place)));
            }
            return answered;
        }
    }

    String name() {
        return asked.title() + " (" + place() + ")";
    }

    /** Holds the answer to what every answer promises, and to what the case expects. */
    void verify(Map<String, Answered> others) {
        if (asked.reason().isPresent()) {
            assertEquals(ExactlyOnce.DEAD_LETTERS, answer.topic(), this::value);
            Promises.deadLetter(source, answer);
            assertEquals(asked.reason(), ExactlyOnce.header(answer, DeadLetters.REASON),
                    () -> ExactlyOnce.header(answer, DeadLetters.CAUSE).orElse(""));
            return;
        }
        assertEquals(ExactlyOnce.SPANS, answer.topic(),
                () -> ExactlyOnce.header(answer, DeadLetters.CAUSE).orElse(""));
        Found found = found();
        Promises.extractionRecord(answer, found, place(), ExactlyOnce.DOCUMENTS);
        asked.document().ifPresent(document -> {
            Schemas.assertValid("document", document);
            if (document.path("labels").size() > 0) {
                Promises.labels(document.path("labels"), found.json().path("spans"));
            }
        });
        asked.verify(found, Optional.of(documentId()));
        asked.twin().ifPresent(title -> same(others.get(title).found(), found));
    }

    /** The same labels have the same spans, and their scores differ by no more than single precision explains. */
    private void same(Found twin, Found found) {
        List<JsonNode> expected = spans(twin);
        List<JsonNode> actual = spans(found);
        assertEquals(expected.size(), actual.size(), found.json()::toString);
        for (int i = 0; i < expected.size(); i++) {
            for (String field : List.of("label", "text", "start", "end")) {
                assertEquals(expected.get(i).path(field), actual.get(i).path(field));
            }
            assertEquals(expected.get(i).path("score").asDouble(), actual.get(i).path("score").asDouble(), SAME_SCORE);
        }
    }

    private List<JsonNode> spans(Found found) {
        return found.json().path("spans").valueStream()
                .filter(span -> asked.twinLabels().isEmpty() || asked.twinLabels().contains(span.path("label").asText()))
                .toList();
    }

    private Found found() {
        return Promises.extraction(asked.text(), answer.value());
    }

    private String documentId() {
        return asked.document().filter(document -> document.hasNonNull("id")).map(document -> document.path("id").asText())
                .or(this::key)
                .orElse(place());
    }

    private Optional<String> key() {
        return Optional.ofNullable(source.key())
                .filter(key -> key.length > 0 && Arrays.equals(key, new String(key, UTF_8).getBytes(UTF_8)))
                .map(key -> new String(key, UTF_8));
    }

    private String place() {
        return source.topic() + "-" + source.partition() + "-" + source.offset();
    }

    private String value() {
        String value = new String(answer.value(), UTF_8);
        return value.substring(0, Math.min(500, value.length()));
    }
}
