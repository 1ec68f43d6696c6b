package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.DeadLetters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;

/**
 * Sends dead letters back, exactly once. How far it has come is kept as the offsets of one consumer group a reason, so
 * that a run for one reason takes nothing from a later run for another; letters and offsets are one transaction. A
 * second run at the same time fences the first.
 */
final class Redrive {

    private static final String NAME = "metaie-redrive";
    private static final String OWN_HEADERS = "metaie.";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG, NAME, ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);

    private final KafkaConnection kafka;
    private final List<String> reasons;
    private final Map<String, Boolean> targets = new HashMap<>();
    private final Map<String, Long> sent = new TreeMap<>();
    private final Map<String, Long> skipped = new TreeMap<>();

    /** @param reasons the reasons of the letters to send back */
    Redrive(KafkaConnection kafka, List<String> reasons) {
        this.kafka = kafka;
        this.reasons = List.copyOf(reasons);
    }

    /**
     * What was done.
     *
     * @param sent how many letters went to which topic
     * @param skipped how many letters could not be sent, and why
     */
    record Result(Map<String, Long> sent, Map<String, Long> skipped) {}

    /**
     * Sends back the letters that are there now.
     *
     * @param partitions where they are
     * @param max how many at most
     */
    Result run(List<TopicPartition> partitions, long max) throws InterruptedException {
        Map<String, Object> reader = new HashMap<>(KafkaConnection.READER);
        reader.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try (Admin admin = kafka.admin();
                Producer<byte[], byte[]> producer = kafka.clients().producer(NAME, PRODUCER);
                Consumer<byte[], byte[]> consumer = kafka.clients().consumer(NAME, reader)) {
            // Settles what an earlier run left open; only then are the offsets what they are.
            producer.initTransactions();
            Progress progress = new Progress(offsets(admin, partitions));
            consumer.assign(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            partitions.forEach(at -> consumer.seek(at, Math.max(beginnings.get(at), progress.first(at))));
            long left = max;
            while (left > 0 && partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
                ConsumerRecords<byte[], byte[]> letters = consumer.poll(POLL);
                if (!letters.isEmpty()) {
                    left -= transaction(admin, producer, letters, progress, left);
                }
            }
            return new Result(sent, skipped);
        }
    }

    /** Letters sent back and the offsets behind them, all or nothing. */
    private long transaction(Admin admin, Producer<byte[], byte[]> producer, ConsumerRecords<byte[], byte[]> letters,
            Progress progress, long max) throws InterruptedException {
        producer.beginTransaction();
        try {
            long count = transfer(admin, producer, letters, progress, max);
            producer.commitTransaction();
            return count;
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new CommandException("another redrive has begun and takes it from here", e);
        } catch (KafkaException e) {
            producer.abortTransaction();
            throw e;
        }
    }

    private long transfer(Admin admin, Producer<byte[], byte[]> producer, ConsumerRecords<byte[], byte[]> letters,
            Progress progress, long max) throws InterruptedException {
        Map<TopicPartition, Long> seen = new HashMap<>();
        long count = 0;
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            if (count == max) {
                break;
            }
            String reason = header(letter, DeadLetters.REASON).orElse("");
            TopicPartition at = new TopicPartition(letter.topic(), letter.partition());
            if (progress.isNew(reason, at, letter.offset())) {
                Optional<String> obstacle = obstacle(admin, letter);
                if (obstacle.isPresent()) {
                    skipped.merge(obstacle.get(), 1L, Long::sum);
                } else {
                    ProducerRecord<byte[], byte[]> original = original(letter);
                    producer.send(original);
                    sent.merge(original.topic(), 1L, Long::sum);
                    count++;
                }
            }
            seen.put(at, letter.offset() + 1);
        }
        progress.advance(seen).forEach((reason, offsets) ->
                producer.sendOffsetsToTransaction(offsets, new ConsumerGroupMetadata(group(reason))));
        return count;
    }

    /** Why a letter cannot be sent back; empty when it can. */
    private Optional<String> obstacle(Admin admin, ConsumerRecord<byte[], byte[]> letter) throws InterruptedException {
        Optional<String> target = header(letter, DeadLetters.TOPIC);
        if (target.isEmpty()) {
            return Optional.of("they do not say where they came from");
        }
        if (header(letter, DeadLetters.VALUE_OMITTED).isPresent()) {
            return Optional.of("their value is not in them: it was too large to be kept, or another letter brings it back");
        }
        if (!targets.containsKey(target.get())) {
            targets.put(target.get(), kafka.describe(admin, target.get()).isPresent());
        }
        return targets.get(target.get()) ? Optional.empty() : Optional.of("there is no topic " + target.get());
    }

    /** The record as it first came. */
    static ProducerRecord<byte[], byte[]> original(ConsumerRecord<byte[], byte[]> letter) {
        List<Header> headers = new ArrayList<>();
        letter.headers().forEach(header -> {
            if (!header.key().startsWith(OWN_HEADERS)) {
                headers.add(header);
            }
        });
        // Of a request only these are asked again: the others have their examples.
        Optional.ofNullable(letter.headers().lastHeader(DeadLetters.SENTENCES)).ifPresent(headers::add);
        return new ProducerRecord<>(
                header(letter, DeadLetters.TOPIC).orElseThrow(), null, letter.key(), letter.value(), headers);
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return Optional.ofNullable(letter.headers().lastHeader(name)).map(Header::value)
                .map(value -> new String(value, UTF_8));
    }

    private static String group(String reason) {
        return NAME + "-" + reason;
    }

    private Map<String, Map<TopicPartition, Long>> offsets(Admin admin, List<TopicPartition> partitions)
            throws InterruptedException {
        Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
        reasons.forEach(reason -> groups.put(
                group(reason), new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)));
        try {
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = admin.listConsumerGroupOffsets(
                    groups, new ListConsumerGroupOffsetsOptions().requireStable(true)).all().get();
            Map<String, Map<TopicPartition, Long>> offsets = new HashMap<>();
            for (String reason : reasons) {
                Map<TopicPartition, Long> of = new HashMap<>();
                committed.get(group(reason)).forEach((at, offset) -> of.put(at, offset == null ? 0 : offset.offset()));
                offsets.put(reason, of);
            }
            return offsets;
        } catch (ExecutionException e) {
            throw kafka.failure(e.getCause());
        }
    }

    /** Up to where the letters of each reason have been sent back. */
    private static final class Progress {

        private final Map<String, Map<TopicPartition, Long>> next;

        Progress(Map<String, Map<TopicPartition, Long>> next) {
            this.next = next;
        }

        /** The first offset of a partition that may hold a letter to be sent. */
        long first(TopicPartition at) {
            return next.values().stream().mapToLong(offsets -> offsets.getOrDefault(at, 0L)).min().orElse(0);
        }

        boolean isNew(String reason, TopicPartition at, long offset) {
            return next.containsKey(reason) && offset >= next.get(reason).getOrDefault(at, 0L);
        }

        /**
         * Goes on to these offsets.
         *
         * @return for each reason the offsets that have changed, to be committed
         */
        Map<String, Map<TopicPartition, OffsetAndMetadata>> advance(Map<TopicPartition, Long> seen) {
            Map<String, Map<TopicPartition, OffsetAndMetadata>> changed = new HashMap<>();
            next.forEach((reason, offsets) -> seen.forEach((at, offset) -> {
                if (offset > offsets.getOrDefault(at, 0L)) {
                    offsets.put(at, offset);
                    changed.computeIfAbsent(reason, any -> new HashMap<>()).put(at, new OffsetAndMetadata(offset));
                }
            }));
            return changed;
        }
    }
}
