package io.metaie.control;

import io.metaie.control.Event.AdapterIncompatible;
import io.metaie.kafka.TransactionalProducer;
import io.metaie.task.ControlPlace;
import io.metaie.task.Job;
import io.metaie.task.TaskRegistry;
import io.metaie.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Reads commands with one consumer and carries them out with one transactional producer, until either fails. What one
 * poll brings, and the jobs that have ended meanwhile, is one transaction of task records, events and offsets. Offsets go
 * along even if no command came, so that an instance that lost its partition cannot commit the end of a job either.
 */
final class ControlSession {

    private static final Logger LOG = Logger.getLogger(ControlSession.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration POLL_BESIDE_JOBS = Duration.ofMillis(50);
    private static final long STATE_SECONDS = 30;

    private final Consumer<byte[], byte[]> consumer;
    private final TransactionalProducer producer;
    private final ControlTopic topic;
    private final TaskRegistry registry;
    private final Jobs jobs;
    private final Supplier<ControlBatch> batches;
    private boolean assigned;

    /**
     * The control topic as it stands.
     *
     * @param id what the cluster calls it, whatever its name
     */
    record ControlTopic(String name, String id, int partitions) {}

    ControlSession(Consumer<byte[], byte[]> consumer, TransactionalProducer producer, ControlTopic topic,
            TaskRegistry registry, Jobs jobs, Supplier<ControlBatch> batches) {
        this.consumer = consumer;
        this.producer = producer;
        this.topic = topic;
        this.registry = registry;
        this.jobs = jobs;
        this.batches = batches;
    }

    /** Joins the group. */
    void open() {
        consumer.subscribe(Set.of(topic.name()), new Ownership());
    }

    /** Polls once and carries out what came. */
    void step() throws InterruptedException, ExecutionException, TimeoutException {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(jobs.isIdle() ? POLL : POLL_BESIDE_JOBS);
        List<Jobs.Ended> ended = jobs.poll();
        List<Event> told = jobs.told();
        if (records.isEmpty() && ended.isEmpty() && told.isEmpty() && !assigned) {
            return;
        }
        // Somebody else may have carried out the commands before these: what that left must be known first.
        registry.present().get(STATE_SECONDS, TimeUnit.SECONDS);
        if (assigned) {
            assigned = false;
            resumeJobs();
            told.addAll(incompatible());
        }
        if (!records.isEmpty() || !ended.isEmpty() || !told.isEmpty()) {
            commit(records, told, ended);
        }
    }

    private void commit(ConsumerRecords<byte[], byte[]> records, List<Event> told, List<Jobs.Ended> ended) {
        ControlBatch batch = batches.get();
        told.forEach(batch::told);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            batch.command(
                    Optional.ofNullable(record.value()),
                    Optional.ofNullable(record.key()),
                    topic.partitions() > 1,
                    new ControlPlace(topic.id(), record.partition(), record.offset()));
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        consumer.assignment().forEach(p -> offsets.put(p, new OffsetAndMetadata(consumer.position(p))));
        for (Jobs.Ended one : ended) {
            int partition = one.job().place().partition();
            OffsetAndMetadata position = offsets.get(new TopicPartition(topic.name(), partition));
            if (position != null) {
                batch.ended(one, new ControlPlace(topic.id(), partition, position.offset() - 1));
            }
        }
        producer.commit(batch.records(), offsets, consumer.groupMetadata());
        batch.changed().forEach((name, state) -> {
            jobs.retain(name, state);
            state.ifPresent(jobs::start);
        });
    }

    /** What was accepted, maybe by another instance, and has not ended. */
    private void resumeJobs() {
        Set<TopicPartition> owned = consumer.assignment();
        for (TaskState task : registry.all()) {
            List<Job> mine = task.jobs().stream()
                    .filter(job -> owned.contains(new TopicPartition(topic.name(), job.place().partition())))
                    .toList();
            if (!mine.isEmpty()) {
                LOG.infof("Task %s: %d commands accepted before have not ended and are run again",
                        task.name(), mine.size());
                jobs.start(task);
            }
        }
    }

    /** Versions in force that cannot be used with the model that runs here, or not at all. */
    private List<Event> incompatible() {
        List<Event> events = new ArrayList<>();
        registry.troubles().forEach((name, why) -> registry.state(name).ifPresent(task -> events.add(
                new AdapterIncompatible(new About(Optional.of(name), Optional.empty()), task.active(), why))));
        return events;
    }

    private final class Ownership implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) {
                return;
            }
            assigned = true;
            consumer.committed(Set.copyOf(partitions)).forEach((partition, committed) -> {
                if (committed == null) {
                    // The group forgot where it was; the tasks themselves say which commands left their trace in them.
                    registry.carriedOut(topic.id(), partition.partition())
                            .ifPresent(offset -> consumer.seek(partition, offset + 1));
                }
            });
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                jobs.cancel();
                assigned = true; // what is still owned, if anything, starts again
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            onPartitionsRevoked(partitions);
        }
    }
}
