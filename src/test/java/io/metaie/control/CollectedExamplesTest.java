package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.config.Settings;
import io.metaie.control.Command.Learn.Distilled;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicDeclarations;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.Topics;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an adaptation reads of the topic of examples. */
class CollectedExamplesTest {

    private static final String TOPIC = "metaie.distillation.examples";
    private static final LabelSet TASK = LabelSet.of(List.of(Label.named("Person")));

    @TempDir
    Path directory;

    @Test
    void onlyWhatCameSinceAndNoMoreThanTheLimit() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            KafkaClients clients = new KafkaClients(KafkaSettings.of(broker.bootstrap()));
            CollectedExamples collected = new CollectedExamples(clients, TOPIC);
            assertTrue(collected.fault().orElseThrow().contains(TOPIC), "nobody made the topic yet");
            new TopicSetup(clients, new Topics(Settings.metaie(Settings.load()).topics()), TopicDeclarations.packaged(), true)
                    .ensure(Set.of(Topic.DISTILLATION_EXAMPLES));
            assertEquals(Optional.empty(), collected.fault());
            try (Producer<byte[], byte[]> producer = clients.producer("examples", Map.of())) {
                for (int day : new int[] {1, 2, 4, 3, 5, 6}) {
                    producer.send(new ProducerRecord<>(TOPIC, null, day(day).toEpochMilli(), new byte[] {(byte) day},
                            ("{\"text\":\"Ada came on day " + day + ".\",\"labels\":[\"Person\"],\"spans\":[{\"label\":\"Person\","
                                    + "\"start\":0,\"end\":3}]}").getBytes(UTF_8))).get();
                }
            }
            assertEquals(List.of(4, 5, 6), days(collected, Optional.of(day(4)), OptionalInt.empty()));
            assertEquals(List.of(6), days(collected, Optional.of(day(5).plusMillis(1)), OptionalInt.empty()));
            assertEquals(List.of(1, 2, 3, 4, 5, 6), days(collected, Optional.empty(), OptionalInt.empty()));
            assertEquals(List.of(5, 6), days(collected, Optional.empty(), OptionalInt.of(2)));
            String nothing = assertThrows(IllegalArgumentException.class,
                    () -> days(collected, Optional.of(day(7)), OptionalInt.empty())).getMessage();
            assertTrue(nothing.contains("since " + day(7)) && nothing.contains("\"Person\""), nothing);
        }
    }

    private static Instant day(int day) {
        return Instant.parse("2020-01-0" + day + "T00:00:00Z");
    }

    private static List<Integer> days(CollectedExamples collected, Optional<Instant> since, OptionalInt limit) {
        return collected.read(new Distilled(Map.of(), limit, since), TASK).sentences().stream()
                .map(sentence -> Integer.valueOf(sentence.text().replaceAll("\\D", ""))).toList();
    }
}
