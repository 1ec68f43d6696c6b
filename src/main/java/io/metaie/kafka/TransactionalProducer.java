package io.metaie.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A transactional producer under an id that stays the same over restarts: opening it settles whatever
 * its predecessor of that id left open. After any failure it has to be opened again. Used by one thread.
 */
public final class TransactionalProducer implements AutoCloseable {

    private static final Map<String, Object> DEFAULTS = Map.of(
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000,
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000,
            // With the default of 100 the first request after a commit costs a fifth of the throughput: the broker is
            // still writing the markers and answers CONCURRENT_TRANSACTIONS.
            ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 2,
            ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 1_000);

    private final KafkaClients clients;
    private final String transactionalId;
    private Producer<byte[], byte[]> producer;

    public TransactionalProducer(KafkaClients clients, String transactionalId) {
        this.clients = clients;
        this.transactionalId = transactionalId;
    }

    public String transactionalId() {
        return transactionalId;
    }

    /**
     * Closes what is open, opens a new producer and fences every other one of the same id.
     *
     * @param maxBatchBytes the least of what the topics take. Brokers compare it with a batch, not with a record, and a
     *     client splits what is refused into batches of its configured size again: if that is larger, for ever
     */
    public void reopen(int maxBatchBytes) {
        close();
        Map<String, Object> configuration = new HashMap<>(DEFAULTS);
        configuration.keySet().removeAll(clients.settings().properties().keySet());
        configuration.put(ProducerConfig.BATCH_SIZE_CONFIG, Math.min(maxBatchBytes, clients.batchBytes()));
        configuration.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        producer = clients.producer(transactionalId, configuration);
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Writes records and offsets in one transaction.
     *
     * @throws RuntimeException when it is not known to be committed
     */
    public void commit(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        producer.beginTransaction();
        // A record that cannot be sent fails the commit, so nobody has to wait for each.
        records.forEach(producer::send);
        producer.sendOffsetsToTransaction(offsets, group);
        producer.commitTransaction();
    }

    /** Lets go at once; a transaction left open is aborted by whoever opens this id next, or by its timeout. */
    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
