package io.metaie.kafka;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * How Kafka is reached: everything configured under {@code kafka.*} (or as an environment variable {@code KAFKA_*}), by
 * Kafka's own names without that prefix, such as {@code bootstrap.servers}, {@code security.protocol},
 * {@code sasl.jaas.config}, {@code ssl.truststore.location}. The same keys as Quarkus' channels read.
 */
public record KafkaSettings(Map<String, String> properties) {

    private static final String PREFIX = "kafka.";
    private static final String VARIABLE_PREFIX = "KAFKA_";

    /** Settings of at least one kind of client. Other variables, as KAFKA_HOME, are not meant for clients. */
    private static final Set<String> KNOWN = Stream.of(
                    AdminClientConfig.configNames(), ProducerConfig.configNames(), ConsumerConfig.configNames())
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    public KafkaSettings {
        properties = Map.copyOf(properties);
    }

    /** Only an address. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /** Reads {@code kafka.*} and {@code KAFKA_*}. */
    public static KafkaSettings of(Config config) {
        Set<String> names = new HashSet<>();
        config.getPropertyNames().forEach(names::add);
        Map<String, String> properties = new TreeMap<>();
        for (String name : names) {
            key(name).filter(key -> KNOWN.contains(key) || !names.contains(variable(key)))
                    .ifPresent(key -> config.getOptionalValue(PREFIX + key, String.class)
                            .ifPresent(value -> properties.put(key, value)));
        }
        return new KafkaSettings(properties);
    }

    private static Optional<String> key(String name) {
        if (name.startsWith(PREFIX)) {
            return Optional.of(name.substring(PREFIX.length()));
        }
        if (name.startsWith(VARIABLE_PREFIX)) {
            return Optional.of(name.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.'));
        }
        return Optional.empty();
    }

    /** The environment variable of a setting. */
    private static String variable(String key) {
        return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Where the brokers are; empty when nobody has said so. */
    public Optional<String> bootstrapServers() {
        return Optional.ofNullable(properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG))
                .filter(servers -> !servers.isBlank());
    }

    /** The same, reaching other brokers. */
    public KafkaSettings withBootstrapServers(String servers) {
        Map<String, String> changed = new TreeMap<>(properties);
        changed.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        return new KafkaSettings(changed);
    }

    /**
     * What concerns one kind of client: its own settings, and those no client knows (they are for plug-ins such as
     * interceptors or login handlers).
     *
     * @param names the settings this kind of client knows
     */
    Map<String, String> concerning(Set<String> names) {
        return properties.entrySet().stream()
                .filter(e -> names.contains(e.getKey()) || !KNOWN.contains(e.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
