package io.metaie.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {

    @Test
    void readsPropertiesAndEnvironment() {
        KafkaSettings settings = KafkaSettings.of(config(
                Map.of("kafka.ssl.truststore.location", "/trust", "metaie.kafka.embedded", "false"),
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "a:1,b:2", "KAFKA_SASL_MECHANISM", "PLAIN", "KAFKA_PORT",
                        "tcp://10.0.0.1:9092", "PATH", "/bin")));
        assertEquals(Map.of("ssl.truststore.location", "/trust", "bootstrap.servers", "a:1,b:2", "sasl.mechanism",
                "PLAIN"), settings.properties());
    }

    @Test
    void theEnvironmentWinsOverPackagedProperties() {
        KafkaSettings settings = KafkaSettings.of(config(
                Map.of("kafka.bootstrap.servers", "packaged:1"), Map.of("KAFKA_BOOTSTRAP_SERVERS", "given:2")));
        assertEquals(Optional.of("given:2"), settings.bootstrapServers());
    }

    @Test
    void aBlankAddressIsNone() {
        KafkaSettings settings = new KafkaSettings(Map.of("bootstrap.servers", " "));
        assertEquals(Optional.empty(), settings.bootstrapServers());
    }

    @Test
    void eachKindOfClientGetsWhatConcernsIt() {
        KafkaSettings settings = new KafkaSettings(
                Map.of("bootstrap.servers", "a:1", "max.poll.records", "7", "my.interceptor.url", "x"));
        assertEquals(Map.of("bootstrap.servers", "a:1", "my.interceptor.url", "x"),
                settings.concerning(AdminClientConfig.configNames()));
        assertEquals(settings.properties(), settings.concerning(ConsumerConfig.configNames()));
    }

    private static SmallRyeConfig config(Map<String, String> properties, Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(properties, "application", 250))
                .withSources(new EnvConfigSource(environment, 300))
                .build();
    }
}
