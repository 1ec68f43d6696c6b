package io.metaie.lane;

import io.metaie.kafka.KafkaClients;
import io.metaie.lane.LagMonitor.Lag;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads from the broker what a group has not committed. Offsets alone do not tell: behind the last committed record
 * there may be nothing but the marks of transactions, and when the next one was written only the record itself says. So
 * the first uncommitted record is looked at, unless a lane holds it or it was looked at before. Used by one thread.
 */
final class LagReader implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int TIMEOUT_MILLIS = 5_000;

    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;
    private final String group;
    private final Map<TopicPartition, Seen> seen = new HashMap<>();

    /** What stood behind an offset, up to the end there was then; {@code first} is empty when there was nothing. */
    private record Seen(long committed, long end, Optional<LaneStatus.Place> first) {}

    LagReader(KafkaClients clients, String group) {
        this.group = group;
        this.admin = clients.admin(group + "-lag", Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS));
        this.consumer = clients.consumer(group + "-lag", Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS));
    }

    /**
     * @param owned the partitions that count
     * @param inHand the first record of each partition that a lane holds now
     */
    Lag read(Set<TopicPartition> owned, Map<TopicPartition, LaneStatus.Place> inHand)
            throws ExecutionException, InterruptedException {
        if (owned.isEmpty()) {
            admin.describeCluster().clusterId().get();
            return Lag.NONE;
        }
        Map<TopicPartition, Long> committed = committed(owned);
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(owned, OffsetSpec.latest());
        seen.keySet().retainAll(owned);
        Lag lag = Lag.NONE;
        for (TopicPartition partition : owned) {
            long end = ends.get(partition).offset();
            Optional<LaneStatus.Place> first = committed.get(partition) >= end
                    ? Optional.empty()
                    : first(partition, committed.get(partition), end, Optional.ofNullable(inHand.get(partition)));
            lag = lag.plus(first
                    .map(place -> new Lag(Math.max(0, end - place.offset()), Optional.of(place.timestamp())))
                    .orElse(Lag.NONE));
        }
        return lag;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        consumer.close();
    }

    private Map<TopicPartition, Long> committed(Set<TopicPartition> owned)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> begins = offsets(owned, OffsetSpec.earliest());
        for (TopicPartition partition : owned) {
            OffsetAndMetadata offset = committed.get(partition);
            long begin = begins.get(partition).offset();
            offsets.put(partition, offset == null ? begin : Math.max(begin, offset.offset()));
        }
        return offsets;
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(Set<TopicPartition> partitions, OffsetSpec spec)
            throws ExecutionException, InterruptedException {
        return admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(p -> p, p -> spec)),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get();
    }

    private Optional<LaneStatus.Place> first(
            TopicPartition partition, long committed, long end, Optional<LaneStatus.Place> inHand) {
        if (inHand.isPresent() && inHand.get().offset() >= committed) {
            return inHand;
        }
        Seen before = seen.get(partition);
        if (before != null && before.committed() == committed && (before.first().isPresent() || before.end() == end)) {
            return before.first();
        }
        return look(partition, committed, end);
    }

    private Optional<LaneStatus.Place> look(TopicPartition partition, long from, long end) {
        consumer.assign(Set.of(partition));
        consumer.seek(partition, from);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < end && System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                return saw(partition, from, end, Optional.of(place(record)));
            }
        }
        // Not read in time, it counts for now as just written, and is looked at again.
        return consumer.position(partition) < end
                ? Optional.of(new LaneStatus.Place(from, System.currentTimeMillis()))
                : saw(partition, from, end, Optional.empty());
    }

    private Optional<LaneStatus.Place> saw(
            TopicPartition partition, long from, long end, Optional<LaneStatus.Place> first) {
        seen.put(partition, new Seen(from, end, first));
        return first;
    }

    private static LaneStatus.Place place(ConsumerRecord<?, ?> record) {
        return new LaneStatus.Place(record.offset(), record.timestamp());
    }
}
