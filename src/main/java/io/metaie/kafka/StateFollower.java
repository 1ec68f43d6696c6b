package io.metaie.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Follows a topic that holds state, from its beginning and for as long as the service runs, in no group: every instance
 * reads all of it. Only what is committed is handed on, on one thread, in the topic's order.
 */
public final class StateFollower implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StateFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
            ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
    private static final Map<String, Object> ADMIN = Map.of(
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000,
            AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);

    private final KafkaClients clients;
    private final List<TopicPartition> partitions;
    private final Consumer<ConsumerRecord<byte[], byte[]>> apply;
    private final Admin admin;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final StopSignal stop = new StopSignal();
    private final Thread thread;
    private volatile Optional<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> following = Optional.empty();

    /** Somebody who waits until every partition has been read to here. */
    private record Waiting(Map<TopicPartition, Long> ends, CompletableFuture<Void> future) {}

    private StateFollower(KafkaClients clients, TopicState topic, Consumer<ConsumerRecord<byte[], byte[]>> apply) {
        this.clients = clients;
        this.partitions = IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        this.apply = apply;
        this.admin = clients.admin("metaie-state-" + topic.name(), ADMIN);
        this.thread = new Thread(this::run, "metaie-state-" + topic.name());
        thread.setDaemon(true);
    }

    /**
     * Begins to follow a topic.
     *
     * @param apply takes each record
     */
    public static StateFollower start(
            KafkaClients clients, TopicState topic, Consumer<ConsumerRecord<byte[], byte[]>> apply) {
        StateFollower follower = new StateFollower(clients, topic, apply);
        follower.thread.start();
        return follower;
    }

    /**
     * Waits, without a thread, until everything has been taken that was written before this call. The end asked for is
     * that of all records, not that of the committed ones: the end of a transaction reaches the partitions one by one,
     * and who has seen its record in another topic may rely on finding it here.
     *
     * @return fails when the brokers do not say where the end is
     */
    public CompletableFuture<Void> present() {
        CompletableFuture<Void> future = new CompletableFuture<>();
        admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())),
                        new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all()
                .whenComplete((ends, failure) -> {
                    if (failure != null) {
                        future.completeExceptionally(failure);
                        return;
                    }
                    Map<TopicPartition, Long> offsets = new HashMap<>();
                    ends.forEach((partition, end) -> offsets.put(partition, end.offset()));
                    Waiting one = new Waiting(offsets, future);
                    synchronized (this) {
                        if (!isReached(one)) {
                            waiting.add(one);
                            return;
                        }
                    }
                    future.complete(null);
                });
        return future;
    }

    private void run() {
        Backoff pause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
        while (!stop.isSet()) {
            try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer =
                    clients.consumer(thread.getName(), CONSUMER)) {
                following = Optional.of(consumer);
                consumer.assign(partitions);
                Map<TopicPartition, Long> known = known();
                partitions.forEach(p -> {
                    if (known.containsKey(p)) {
                        consumer.seek(p, known.get(p));
                    } else {
                        consumer.seekToBeginning(List.of(p));
                    }
                });
                while (!stop.isSet()) {
                    consumer.poll(POLL).forEach(apply);
                    advance(consumer);
                    pause.reset();
                }
            } catch (WakeupException | InterruptException e) {
                LOG.debugf(e, "%s is no longer followed", partitions); // only a stop wakes or interrupts
            } catch (RuntimeException e) {
                long millis = pause.next();
                LOG.warnf(e, "%s cannot be followed (%s); next try in %d ms", partitions, e.getMessage(), millis);
                try {
                    stop.pause(millis);
                } catch (InterruptedException stopped) {
                    return;
                }
            }
        }
    }

    private synchronized Map<TopicPartition, Long> known() {
        return Map.copyOf(positions);
    }

    private void advance(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
        List<Waiting> reached = new ArrayList<>();
        synchronized (this) {
            partitions.forEach(p -> positions.put(p, consumer.position(p)));
            for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
                Waiting one = all.next();
                if (isReached(one)) {
                    reached.add(one);
                    all.remove();
                }
            }
        }
        reached.forEach(one -> one.future().complete(null));
    }

    private boolean isReached(Waiting one) {
        return one.ends().entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /** Stops; who still waits is told so. */
    @Override
    public void close() {
        stop.set();
        following.ifPresent(org.apache.kafka.clients.consumer.Consumer::wakeup);
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.close(Duration.ZERO);
        List<Waiting> left;
        synchronized (this) {
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(one -> one.future().completeExceptionally(new IllegalStateException("stopping")));
    }
}
