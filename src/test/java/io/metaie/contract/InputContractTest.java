package io.metaie.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.BrokerResource;
import io.metaie.testing.ExactlyOnce;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Documents of producers of every kind. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class InputContractTest {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    @Test
    void compressedAndCommittedDocumentsAreReadAndAbortedOnesAreNot() {
        Set<String> committed = Stream.of("none", "gzip", "snappy", "lz4", "zstd").collect(Collectors.toSet());
        try (ExactlyOnce stream = new ExactlyOnce(bootstrap)) {
            committed.forEach(compression -> {
                try (Producer<byte[], byte[]> producer = producer(compression)) {
                    producer.initTransactions();
                    producer.beginTransaction();
                    producer.send(document("aborted"));
                    producer.abortTransaction();
                    producer.beginTransaction();
                    producer.send(document(compression));
                    producer.commitTransaction();
                }
            });
            stream.send(document("last"));
            stream.awaitAnswers(committed.size() + 1, Duration.ofMinutes(1));
            Map<String, String> answers = stream.extractions();
            assertEquals(committed.size() + 1, answers.size());
            assertFalse(answers.values().stream().anyMatch(json -> json.contains("aborted")));
            committed.forEach(id -> assertEquals(1, answers.values().stream()
                    .filter(json -> json.startsWith("{\"documentId\":\"" + id + "\"") && json.contains("Ada Lovelace")).count()));
        }
        ContractTest.alive();
    }

    private Producer<byte[], byte[]> producer(String compression) {
        return new KafkaClients(KafkaSettings.of(bootstrap)).producer("input-" + compression,
                Map.of("compression.type", compression, "transactional.id", "input-" + compression));
    }

    private static ProducerRecord<byte[], byte[]> document(String id) {
        String json = "{\"id\":\"" + id + "\",\"text\":\"Ada Lovelace lives in Paris.\",\"labels\":[\"Person\"]}";
        return new ProducerRecord<>(ExactlyOnce.DOCUMENTS, 3, null, json.getBytes(UTF_8));
    }
}
