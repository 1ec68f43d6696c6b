package io.metaie.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.extraction.DocumentReader;
import io.metaie.feed.FeedItem.Kind;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads answers, dead letters and events as they are committed and offers them to those who watch. Of many extractions it
 * takes a sample: the others are counted, not even parsed. Used by one thread.
 */
final class FeedReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Under load each transaction would be fetched by itself otherwise; nobody sees a tenth of a second. */
    private static final int FETCH_BYTES = 256 << 10;
    private static final int FETCH_WAIT_MILLIS = 100;
    private static final long BEAT_NANOS = Duration.ofSeconds(1).toNanos();
    /** Each text is a request to a broker. */
    private static final double TEXTS_PER_SECOND = 10;

    private final Sources sources;
    private final Feed feed;
    private final Pulse pulse;
    private final Rate sample;
    private final Rate texts = new Rate(TEXTS_PER_SECOND);
    private final Consumer<byte[], byte[]> consumer;
    private Optional<DocumentTexts> documents = Optional.empty();
    private long beaten = System.nanoTime();
    private long committed;
    private long leftOut;

    /** Where it reads. */
    record Sources(KafkaClients clients, Topics topics, DocumentReader reader) {}

    FeedReader(Sources sources, Feed feed, Pulse pulse, double perSecond) {
        this.sources = sources;
        this.feed = feed;
        this.pulse = pulse;
        this.sample = new Rate(perSecond);
        this.consumer = sources.clients().consumer("metaie-feed", Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest",
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_BYTES,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000));
    }

    /** Goes behind what is there. */
    void toTheEnd() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(sources.topics().spans(), sources.topics().events(),
                Topics.deadLetters(sources.topics().documents()), Topics.deadLetters(sources.topics().distillationRequests()))) {
            // Roles that are off may have left a topic unmade.
            for (PartitionInfo partition : Optional.ofNullable(consumer.partitionsFor(topic, PATIENCE)).orElse(List.of())) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(partition -> consumer.position(partition, PATIENCE));
    }

    /** Reads what has come. */
    void step() {
        String spans = sources.topics().spans();
        String events = sources.topics().events();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (record.topic().equals(spans)) {
                extraction(record);
            } else if (record.topic().equals(events)) {
                FeedRecords.event(record).ifPresent(feed::offer);
            } else {
                feed.offer(FeedRecords.deadLetter(record));
            }
        }
        if (System.nanoTime() - beaten >= BEAT_NANOS) {
            beat();
        }
    }

    private void extraction(ConsumerRecord<byte[], byte[]> record) {
        committed++;
        if (!sample.take() && !isFollowed(record)) {
            leftOut++;
            return;
        }
        FeedRecords.extraction(record).ifPresent(item -> feed.offer(wanted(item) && texts.take() ? withText(item, record) : item));
    }

    private boolean isFollowed(ConsumerRecord<byte[], byte[]> record) {
        String id = record.key() == null ? "" : new String(record.key(), UTF_8);
        Optional<String> place = FeedRecords.place(record);
        return feed.listeners().stream().anyMatch(one -> one.follows(id) || place.filter(one::follows).isPresent());
    }

    private boolean wanted(FeedItem item) {
        return feed.listeners().stream().anyMatch(one -> one.wantsText(item));
    }

    private FeedItem withText(FeedItem item, ConsumerRecord<byte[], byte[]> record) {
        if (documents.isEmpty()) {
            documents = Optional.of(new DocumentTexts(sources.clients(), sources.topics().documents(), sources.reader()));
        }
        return FeedRecords.place(record).flatMap(documents.get()::text)
                .map(text -> FeedRecords.withText(item, record, text))
                .orElse(item);
    }

    private void beat() {
        long now = System.nanoTime();
        double seconds = (now - beaten) / 1e9;
        beaten = now;
        ObjectNode stats = pulse.next();
        stats.put("committedPerSecond", Math.round(committed / seconds * 10) / 10.0);
        stats.put("leftOut", leftOut);
        committed = 0;
        leftOut = 0;
        feed.offer(FeedItem.of(Kind.STATS, Optional.empty(), stats.toString()));
    }

    @Override
    public void close() {
        consumer.close();
        documents.ifPresent(DocumentTexts::close);
    }
}
