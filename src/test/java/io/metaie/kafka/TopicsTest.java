package io.metaie.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.config.Settings;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

    private static final int CAUSE_HEADERS = 64 << 10;

    private final Topics topics = new Topics(Settings.metaie(Settings.load()).topics());
    private final TopicDeclarations declarations = TopicDeclarations.packaged();

    @Test
    void declarationsNameTheDefaults() {
        declarations.forBrokers(1).forEach((topic, declared) -> assertEquals(topics.name(topic),
                declared.defaultName()));
        Arrays.stream(Topic.values()).forEach(topic -> assertEquals("metaie." + topic.key(), topics.name(topic)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void declarationsHoldTogether(int brokers) {
        Map<Topic, TopicDeclarations.Declaration> all = declarations.forBrokers(brokers);
        assertEquals(Topic.values().length, all.size());
        assertEquals(all.get(Topic.DOCUMENTS).partitions(), all.get(Topic.SPANS).partitions());
        assertEquals(1, all.get(Topic.CONTROL).partitions());
        assertEquals(all.get(Topic.DOCUMENTS).maxMessageBytes() + CAUSE_HEADERS,
                all.get(Topic.DOCUMENTS_DEAD_LETTERS).maxMessageBytes());
        assertEquals(all.get(Topic.DISTILLATION_REQUESTS).maxMessageBytes() + CAUSE_HEADERS,
                all.get(Topic.DISTILLATION_REQUESTS_DEAD_LETTERS).maxMessageBytes());
        for (Topic state : new Topic[] {Topic.TASKS, Topic.ADAPTERS, Topic.DISTILLATION_ANSWERS}) {
            assertTrue(all.get(state).compacted(), state.key());
            assertTrue(!all.get(state).settings().containsKey("retention.ms"), state.key());
        }
        all.values().forEach(declared -> assertEquals(brokers, declared.replicas()));
    }

    @Test
    void aClusterOfTwoIsTakenAsOne() {
        assertEquals(1, declarations.forBrokers(2).get(Topic.DOCUMENTS).replicas());
        assertEquals(3, declarations.forBrokers(7).get(Topic.DOCUMENTS).replicas());
    }

    @Test
    void noTwoTopicsMayBeTheSame() {
        String message = refusal("metaie.topics.spans", "metaie.documents");
        assertTrue(message.contains("metaie.topics.spans") && message.contains("metaie.topics.documents"), message);
    }

    @Test
    void namesKafkaDoesNotAllowAreRefused() {
        assertTrue(refusal("metaie.topics.spans", "a b").contains("'a b' is not a topic name"));
        assertTrue(refusal("metaie.topics.documents", "d".repeat(240)).contains("documents.dead-letters"));
    }

    private static String refusal(String key, String value) {
        System.setProperty(key, value);
        try {
            var configured = Settings.metaie(Settings.load()).topics();
            return assertThrows(IllegalArgumentException.class, () -> new Topics(configured)).getMessage();
        } finally {
            System.clearProperty(key);
        }
    }
}
