package io.metaie.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** What {@code kafka/topics.yaml} says about each topic, for a cluster of a given number of brokers. */
public final class TopicDeclarations {

    private static final String RESOURCE = "/kafka/topics.yaml";
    private static final int BROKERS_OF_A_CLUSTER = 3;

    private final JsonNode root;

    private TopicDeclarations(JsonNode root) {
        this.root = root;
    }

    /** Reads the declarations packaged with the application. */
    public static TopicDeclarations packaged() {
        try (InputStream in = TopicDeclarations.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the application was packaged without " + RESOURCE);
            }
            return new TopicDeclarations(new YAMLMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    /** The declarations for a cluster of so many brokers: three or more are taken as three, fewer as one. */
    public Map<Topic, Declaration> forBrokers(int brokers) {
        String size = brokers >= BROKERS_OF_A_CLUSTER ? "three" : "one";
        JsonNode replication = root.path("replication");
        short replicas = (short) intValue(replication.path("replication.factor"), size);
        String minInSync = value(replication.path(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG), size);
        Map<Topic, Declaration> declarations = new EnumMap<>(Topic.class);
        for (Topic topic : Topic.values()) {
            JsonNode declared = root.path("topics").path(topic.key());
            Map<String, String> settings = new HashMap<>();
            settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, minInSync);
            declared.path("config").properties().forEach(e -> settings.put(e.getKey(), value(e.getValue(), size)));
            declarations.put(topic, new Declaration(
                    declared.path("name").asText(), intValue(declared.path("partitions"), size), replicas, settings));
        }
        return declarations;
    }

    private static int intValue(JsonNode node, String size) {
        return Integer.parseInt(value(node, size));
    }

    private static String value(JsonNode node, String size) {
        JsonNode value = node.isObject() ? node.path(size) : node;
        if (!value.isValueNode()) {
            throw new IllegalStateException(RESOURCE + ": no value for " + size + " in " + node);
        }
        return value.asText();
    }

    /**
     * One topic.
     *
     * @param defaultName how it is called unless configured otherwise
     * @param settings topic settings by Kafka's names
     */
    public record Declaration(String defaultName, int partitions, short replicas, Map<String, String> settings) {

        public Declaration {
            settings = Map.copyOf(settings);
        }

        /** Whether it holds state: a reader takes it from its beginning, so nothing in it may expire. */
        public boolean compacted() {
            return TopicConfig.CLEANUP_POLICY_COMPACT.equals(settings.get(TopicConfig.CLEANUP_POLICY_CONFIG));
        }

        /** The largest record batch it takes, in bytes. */
        public int maxMessageBytes() {
            return Integer.parseInt(settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        }

        /** The topic to create. */
        public NewTopic named(String name) {
            return new NewTopic(name, partitions, replicas).configs(settings);
        }
    }
}
