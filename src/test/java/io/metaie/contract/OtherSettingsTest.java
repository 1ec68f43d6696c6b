package io.metaie.contract;

import static io.metaie.contract.Case.bytes;
import static io.metaie.contract.Case.document;
import static io.metaie.contract.Case.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.App;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service on topics with small limits, without a default task: what then becomes of documents. */
@Tag("service")
class OtherSettingsTest {

    private static final int DOCUMENT_BYTES = 100_000;
    private static final int SPANS_BYTES = 2_000;
    private static final int LETTER_BYTES = 20_000;

    @TempDir
    Path directory;

    @Test
    void smallLimitsAndNoDefaultTask() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            createTopics(broker.bootstrap());
            try (App app = App.with("serve").env("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                    .set("quarkus.http.port", Ports.free())
                    .set("metaie.document.max-bytes", 10_000)
                    .set("metaie.document.max-queries", 100)
                    .start()) {
                // Written while it starts: a new group begins at the earliest record.
                List<Answered> answers = Answered.of(List.of(cases()), broker.bootstrap(), Duration.ofMinutes(2));
                Map<String, Answered> byTitle = new HashMap<>();
                answers.forEach(answer -> byTitle.putIfAbsent(answer.asked().title(), answer));
                for (Answered answer : answers) {
                    if (answer.asked().title().startsWith("omitted")) {
                        omitted(answer);
                    } else {
                        answer.verify(byTitle);
                    }
                }
                assertTrue(app.isAlive(), app::err);
            }
        }
    }

    private static List<Case> cases() {
        String metadata = "\"" + "x".repeat(SPANS_BYTES) + "\"";
        List<Case> cases = new ArrayList<>(List.of(
                ContractTest.probe(),
                value("a text without labels", "Ada Lovelace lives in Paris.").rejected("no-labels"),
                value("the same as text", "{\"labels\":[\"Person\"]}").contentType("text/plain").rejected("no-labels"),
                document("a document without labels", "Ada Lovelace lives in Paris.").rejected("no-labels"),
                value("an empty list of labels", "{\"text\":\"Ada\",\"labels\":[]}").rejected("no-labels"),
                value("labels that are null", "{\"text\":\"Ada\",\"labels\":null}").rejected("no-labels"),
                value("the task that would be the default", "{\"text\":\"Ada\",\"task\":\"default\"}").rejected("unknown-task"),
                ContractTest.probe(),
                value("C35 an extraction larger than its topic takes",
                        "{\"text\":\"Ada\",\"labels\":[\"Person\"],\"metadata\":" + metadata + "}").rejected("too-large"),
                ContractTest.probe(),
                bytes("omitted: C36 a letter larger than its topic takes", new byte[LETTER_BYTES + 1]).key("k").header("a", "1"),
                ContractTest.probe(),
                bytes("a document larger than allowed", new byte[10_001]).rejected("too-large"),
                document("as many queries as are allowed", "It rained.\n".repeat(50), "Person", "Place").sentences(50),
                document("more queries than are allowed", "It rained.\n".repeat(51), "Person", "Place").rejected("too-large")));
        // Written in one transaction, together more than a batch of that topic may have.
        cases.addAll(Collections.nCopies(40, ContractTest.probe()));
        return cases;
    }

    /** Of a letter that its topic would not take, the value is left out, and that is said. */
    private static void omitted(Answered answered) {
        ConsumerRecord<byte[], byte[]> letter = answered.answer();
        assertEquals(ExactlyOnce.DEAD_LETTERS, letter.topic());
        assertNull(letter.value());
        assertEquals("k", new String(letter.key()));
        assertEquals("1", ExactlyOnce.header(letter, "a").orElseThrow());
        assertEquals(String.valueOf(LETTER_BYTES + 1), ExactlyOnce.header(letter, "metaie.value-omitted").orElseThrow());
    }

    private static void createTopics(String bootstrap) throws Exception {
        try (Admin admin = new KafkaClients(KafkaSettings.of(bootstrap)).admin("test", Map.of())) {
            admin.createTopics(List.of(
                    topic(ExactlyOnce.DOCUMENTS, DOCUMENT_BYTES), topic(ExactlyOnce.SPANS, SPANS_BYTES),
                    topic(ExactlyOnce.DEAD_LETTERS, LETTER_BYTES))).all().get();
        }
    }

    private static NewTopic topic(String name, int maxBytes) {
        return new NewTopic(name, 1, (short) 1).configs(Map.of("max.message.bytes", String.valueOf(maxBytes)));
    }
}
