package io.metaie.feed;

import io.metaie.extraction.DocumentReader;
import io.metaie.kafka.KafkaClients;
import io.metaie.record.InboundRecord;
import io.metaie.record.RejectedDocumentException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks up the texts of documents, which extractions do not hold: by the place that each extraction names, one record at
 * a time. Used by one thread.
 */
final class DocumentTexts implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final String topic;
    private final DocumentReader reader;
    private final Consumer<byte[], byte[]> consumer;

    DocumentTexts(KafkaClients clients, String topic, DocumentReader reader) {
        this.topic = topic;
        this.reader = reader;
        this.consumer = clients.consumer("metaie-feed-texts", Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1,
                // The batch that holds the record is sent whole, and nothing behind it.
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000));
    }

    /**
     * The text of a document.
     *
     * @param place {@code <topic>-<partition>-<offset>}
     * @return nothing when it is no longer there, not read in time, or of another topic
     */
    Optional<String> text(String place) {
        int offsetAt = place.lastIndexOf('-');
        int partitionAt = place.lastIndexOf('-', offsetAt - 1);
        if (partitionAt < 0 || !place.substring(0, partitionAt).equals(topic)) {
            return Optional.empty();
        }
        TopicPartition partition;
        long offset;
        try {
            partition = new TopicPartition(topic, Integer.parseInt(place.substring(partitionAt + 1, offsetAt)));
            offset = Long.parseLong(place.substring(offsetAt + 1));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        consumer.assign(Set.of(partition));
        consumer.seek(partition, offset);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                return record.offset() == offset ? text(record) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Optional<String> text(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(reader.read(new InboundRecord(record.topic(), record.partition(), record.offset(),
                    record.timestamp(), Optional.ofNullable(record.key()), Optional.ofNullable(record.value()),
                    FeedRecords.header(record, "content-type"))).document().text());
        } catch (RejectedDocumentException e) {
            return Optional.empty(); // its task is gone since, say
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
