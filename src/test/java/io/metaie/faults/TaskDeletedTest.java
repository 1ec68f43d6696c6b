package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.testing.BrokerResource;
import io.metaie.testing.Control;
import io.metaie.testing.ExactlyOnce;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A task is deleted while documents that name it are in work. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class TaskDeletedTest extends StreamTest {

    @Test
    void documentsInWorkFinishAndLaterOnesHaveNoTask() throws Exception {
        try (Control control = new Control(bootstrap)) {
            String id = UUID.randomUUID().toString();
            control.define("doomed", "['Word']");
            control.importAdapter("doomed", id, TestAdapters.everyWord(Checkpoint.open(Path.of("models", "metaie-mini")), "")
                    .bytes(), 500_000, "always");
            control.await("adapter-activated", id, PATIENCE);
            Awaitility.await().until(() -> RestAssured.given().contentType("application/json")
                    .body("{\"task\":\"doomed\",\"text\":\"Ada.\"}").post("/api/extract").asString().contains("doomed@"));
            send("before-", 300);
            stream.awaitAnswers(20, PATIENCE);
            control.send("{'type':'delete-task','task':'doomed','commandId':'" + id + "d'}");
            control.await("task-deleted", id + "d", PATIENCE);
            send("after-", 50);
            stream.verify(PATIENCE);
            int refused = 0;
            for (ConsumerRecord<byte[], byte[]> letter : stream.deadLetters().values()) {
                assertEquals("unknown-task", ExactlyOnce.header(letter, "metaie.reason").orElseThrow());
                refused += new String(letter.value(), UTF_8).contains("after-") ? 1 : 0;
            }
            assertEquals(50, refused);
            String version = stream.extractions().values().iterator().next().replaceFirst(".*\"adapter\":\"(.*?)\".*", "$1");
            assertTrue(version.startsWith("doomed@"), version);
            stream.extractions().values().forEach(extraction ->
                    assertTrue(extraction.contains("\"adapter\":\"" + version + "\""), extraction));
        }
    }

    private void send(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            stream.send(new ProducerRecord<>(ExactlyOnce.DOCUMENTS, ("{\"id\":\"" + prefix + i
                    + "\",\"task\":\"doomed\",\"text\":\"Ada met Bob.\"}").getBytes(UTF_8)));
        }
        stream.flush();
    }
}
