package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody lowers what the output topic takes while the service runs: the broker refuses an answer it was sure of. */
@Tag("faults")
class TopicTakesLessTest {

    @TempDir
    Path directory;

    @Test
    void theLaneReadsTheLimitAgain() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                ServiceApp service = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
                ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, ExactlyOnce.SPANS),
                                List.of(new AlterConfigOp(
                                        new ConfigEntry("max.message.bytes", "20000"), AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
            }
            stream.send("before", "Ada Lovelace lives in Paris.");
            String big = "{\"text\":\"Ada.\",\"labels\":[\"Person\"],\"metadata\":\"" + "x".repeat(30_000) + "\"}";
            stream.send(new ProducerRecord<>(ExactlyOnce.DOCUMENTS, big.getBytes(UTF_8)));
            stream.send("behind", "Ada Lovelace lives in Paris.");
            stream.verify(Duration.ofSeconds(60));
            assertEquals(2, stream.extractions().size());
            assertEquals("too-large", ExactlyOnce.header(
                    stream.deadLetters().values().iterator().next(), "metaie.reason").orElseThrow());
            service.awaitReady();
        }
    }
}
