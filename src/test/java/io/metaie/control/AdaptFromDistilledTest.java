package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.config.Settings;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicDeclarations;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.Topics;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Adaptations that learn from what a teacher labelled. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class AdaptFromDistilledTest extends CommandedService {

    @BeforeEach
    void topic() throws Exception {
        new TopicSetup(new KafkaClients(KafkaSettings.of(bootstrap)), new Topics(Settings.metaie(Settings.load()).topics()),
                TopicDeclarations.packaged(), true).ensure(Set.of(Topic.DISTILLATION_EXAMPLES));
    }

    @Test
    void learnsFromCollectedExamplesAndSaysOfHowMany() throws Exception {
        try (Producer<byte[], byte[]> examples =
                new KafkaClients(KafkaSettings.of(bootstrap)).producer("examples", Map.of())) {
            for (int i = 0; i < 9; i++) {
                String text = "Number " + i + " is a Zorblax of gold.";
                examples.send(new ProducerRecord<>("metaie.distillation.examples", text.getBytes(UTF_8),
                        ("{\"text\":\"" + text + "\",\"labels\":[\"device\",\"metal\"],\"spans\":[{\"label\":\"device\",\"start\":14,\"end\":21},"
                                + "{\"label\":\"metal\",\"start\":25,\"end\":29}],\"source\":\"m\",\"request\":\"" + i + "\"}").getBytes(UTF_8)));
            }
        }
        control.define("learned", "['gadget']");
        String id = newId();
        command("adapt", "learned", id, "'from':'distilled','labels':{'device':'gadget'},'limit':8,"
                + "'options':{'epochs':20,'activate':'always','rank':4}");
        JsonNode completed = control.await("adaptation-completed", id, PATIENCE);
        assertTrue(completed.path("activated").asBoolean(), completed.toString());
        assertEquals(8, completed.at("/f1/sentences").asInt(), completed.toString());
        JsonNode started = control.await("adaptation-started", id, PATIENCE);
        assertEquals(List.of(1, 8, 8), List.of(started.path("version").asInt(), started.path("sentences").asInt(),
                started.path("spans").asInt()));

        String none = newId();
        command("adapt", "learned", none, "'from':'distilled'");
        String reason = control.await("adaptation-failed", none, PATIENCE).path("reason").asText();
        assertTrue(reason.contains("\"gadget\""), reason);

        String wrong = newId();
        command("adapt", "learned", wrong, "'from':'distilled','labels':{'device':'gizmo'}");
        reason = control.await("command-rejected", wrong, PATIENCE).path("reason").asText();
        assertTrue(reason.contains("\"gizmo\""), reason);
        command("delete-task", "learned", id + "d", "");
        control.await("task-deleted", id + "d", PATIENCE);
    }
}
