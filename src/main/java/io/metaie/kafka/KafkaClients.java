package io.metaie.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes every Kafka client of the service and of the command line, so that TLS, SASL and whatever else stands under
 * {@code kafka.*} hold everywhere. Keys and values are bytes. A setting is taken from the caller first, then from
 * {@code kafka.*}, then from the defaults here. Clients are the caller's to close; their meters go with them.
 */
public final class KafkaClients {

    /** For consumers that seek to committed records of state and read them one at a time, in no group. */
    public static final Map<String, Object> RECORD_BY_RECORD = Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);

    /** No record is refused on this side that a topic takes: sizes are checked against the topic's own limit. */
    private static final int MAX_REQUEST_BYTES = 64 << 20;
    private static final int BATCH_BYTES = 16_384; // Kafka's own default

    private final KafkaSettings settings;
    private final Optional<MeterRegistry> meters;

    /** Clients without meters. */
    public KafkaClients(KafkaSettings settings) {
        this(settings, Optional.empty());
    }

    /** @param meters where the clients' own metrics go */
    public KafkaClients(KafkaSettings settings, Optional<MeterRegistry> meters) {
        this.settings = settings;
        this.meters = meters;
    }

    public KafkaSettings settings() {
        return settings;
    }

    /** The largest record a producer made here sends, in bytes. */
    public int maxRequestBytes() {
        String configured = settings.properties().get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        return configured == null ? MAX_REQUEST_BYTES : Integer.parseInt(configured.trim());
    }

    /** The largest record that a producer made here can write to a topic, in bytes. */
    public int limit(TopicState topic) {
        return Math.min(topic.maxMessageBytes(), maxRequestBytes());
    }

    /** How many bytes of records a producer sends as one batch. */
    int batchBytes() {
        String configured = settings.properties().get(ProducerConfig.BATCH_SIZE_CONFIG);
        return configured == null ? BATCH_BYTES : Integer.parseInt(configured.trim());
    }

    public Admin admin(String clientId, Map<String, ?> configuration) {
        Map<String, Object> all = new HashMap<>(settings.concerning(AdminClientConfig.configNames()));
        all.putAll(configuration);
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return Admin.create(all);
    }

    public Producer<byte[], byte[]> producer(String clientId, Map<String, ?> configuration) {
        Map<String, Object> all = new HashMap<>();
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) MAX_REQUEST_BYTES);
        all.putAll(settings.concerning(ProducerConfig.configNames()));
        all.putAll(configuration);
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return new MeteredProducer(all, meters);
    }

    public Consumer<byte[], byte[]> consumer(String clientId, Map<String, ?> configuration) {
        Map<String, Object> all = new HashMap<>(settings.concerning(ConsumerConfig.configNames()));
        all.putAll(configuration);
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return new MeteredConsumer(all, meters);
    }

    private static final class MeteredProducer extends KafkaProducer<byte[], byte[]> {

        private final Optional<KafkaClientMetrics> metrics;

        MeteredProducer(Map<String, Object> configuration, Optional<MeterRegistry> meters) {
            super(configuration, new ByteArraySerializer(), new ByteArraySerializer());
            metrics = meters.map(registry -> bound(new KafkaClientMetrics(this), registry));
        }

        // close() comes here too.
        @Override
        public void close(Duration timeout) {
            metrics.ifPresent(KafkaClientMetrics::close);
            super.close(timeout);
        }
    }

    private static final class MeteredConsumer extends KafkaConsumer<byte[], byte[]> {

        private final Optional<KafkaClientMetrics> metrics;

        MeteredConsumer(Map<String, Object> configuration, Optional<MeterRegistry> meters) {
            super(configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            metrics = meters.map(registry -> bound(new KafkaClientMetrics(this), registry));
        }

        @Override
        public void close() {
            metrics.ifPresent(KafkaClientMetrics::close);
            super.close();
        }

        @Override
        @SuppressWarnings("deprecation") // the old form, for callers that still use it
        public void close(Duration timeout) {
            close(CloseOptions.timeout(timeout));
        }

        @Override
        public void close(CloseOptions options) {
            metrics.ifPresent(KafkaClientMetrics::close);
            super.close(options);
        }
    }

    private static KafkaClientMetrics bound(KafkaClientMetrics metrics, MeterRegistry registry) {
        metrics.bindTo(registry);
        return metrics;
    }
}
