package io.metaie.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

/** Clients that are made and closed; no broker is needed for that. */
class KafkaClientsTest {

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final KafkaClients clients = new KafkaClients(KafkaSettings.of("127.0.0.1:1"), Optional.of(meters));

    @Test
    void metersOfAProducerGoWithIt() {
        try (Producer<byte[], byte[]> producer = clients.producer("p", Map.of())) {
            assertFalse(producer.metrics().isEmpty());
            assertTrue(metersOf("p").count() > 0);
        }
        assertEquals(0, metersOf("p").count());
    }

    @Test
    @SuppressWarnings("deprecation") // the old way to close is one of the three
    void metersOfAConsumerGoWithItHoweverItIsClosed() {
        Map<String, java.util.function.Consumer<Consumer<byte[], byte[]>>> ways = Map.of(
                "c1", Consumer::close,
                "c2", consumer -> consumer.close(Duration.ofSeconds(1)),
                "c3", consumer -> consumer.close(CloseOptions.timeout(Duration.ofSeconds(1))));
        ways.forEach((name, close) -> {
            Consumer<byte[], byte[]> consumer = clients.consumer(name, Map.of());
            assertTrue(metersOf(name).count() > 0, name);
            close.accept(consumer);
            assertEquals(0, metersOf(name).count(), name);
        });
    }

    @Test
    void theCallersSettingsWinOverTheOperatorsOverTheDefaults() {
        KafkaClients given = new KafkaClients(new KafkaSettings(Map.of(
                "bootstrap.servers", "127.0.0.1:1", "max.request.size", "-7", "acks", "nonsense", "max.poll.records", "x")));
        ConfigException acks = assertThrows(ConfigException.class, () -> given.producer("p", Map.of("max.request.size", 9)));
        assertTrue(acks.getMessage().contains("acks"), acks.getMessage());
        ConfigException size = assertThrows(ConfigException.class, () -> given.producer("p", Map.of("acks", "all")));
        assertTrue(size.getMessage().contains("max.request.size"), size.getMessage());
        given.admin("a", Map.of()).close(Duration.ZERO);
    }

    @Test
    void whatIsConfiguredForTlsHoldsForEveryKindOfClient() {
        KafkaClients secured = new KafkaClients(new KafkaSettings(Map.of("bootstrap.servers", "127.0.0.1:1",
                "security.protocol", "SSL", "ssl.truststore.location", "/no/such/store", "ssl.truststore.type", "PEM")));
        for (Runnable client : new Runnable[] {() -> secured.admin("a", Map.of()), () -> secured.producer("p", Map.of()),
            () -> secured.consumer("c", Map.of())}) {
            KafkaException failure = assertThrows(KafkaException.class, client::run);
            assertTrue(causes(failure).contains("/no/such/store"), causes(failure));
        }
    }

    private Stream<String> metersOf(String client) {
        return meters.getMeters().stream()
                .filter(meter -> client.equals(meter.getId().getTag("client.id")))
                .map(meter -> meter.getId().getName());
    }

    private static String causes(Throwable failure) {
        return Stream.iterate(failure, t -> t != null, Throwable::getCause).map(Throwable::toString).toList().toString();
    }
}
