package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
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

    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final TransactionalProducer producer;
    private final ControlTopic topic;
    private final TaskRegistry registry;
    private final Jobs jobs;
    private final Supplier<ControlBatch> batches;
    private final String model;
    private final Consumer<Event> committed;
    /** What is known to be wrong with versions in force, and was told. */
    private Map<String, String> troubles = Map.of();
    private boolean assigned;

    /**
     * The control topic as it stands.
     *
     * @param id what the cluster calls it, whatever its name
     */
    record ControlTopic(String name, String id, int partitions) {}

    /**
     * @param model the hash of the model that tags here
     * @param committed hears of every event that was committed
     */
    ControlSession(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer, TransactionalProducer producer,
            ControlTopic topic, TaskRegistry registry, Jobs jobs, Supplier<ControlBatch> batches, String model,
            Consumer<Event> committed) {
        this.consumer = consumer;
        this.producer = producer;
        this.topic = topic;
        this.registry = registry;
        this.jobs = jobs;
        this.batches = batches;
        this.model = model;
        this.committed = committed;
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
        Map<String, String> trouble = registry.troubles();
        if (records.isEmpty() && ended.isEmpty() && told.isEmpty() && trouble.equals(troubles) && !assigned) {
            return;
        }
        // Somebody else may have carried out the commands before these: what that left must be known first.
        registry.present().get(STATE_SECONDS, TimeUnit.SECONDS);
        List<TaskState> strangers = List.of();
        if (assigned) {
            assigned = false;
            troubles = Map.of();
            strangers = strangers();
            resumeJobs();
        }
        told.addAll(newTroubles(strangers));
        if (!records.isEmpty() || !ended.isEmpty() || !told.isEmpty() || !strangers.isEmpty()) {
            commit(records, told, ended, strangers);
        }
    }

    private void commit(ConsumerRecords<byte[], byte[]> records, List<Event> told, List<Jobs.Ended> ended,
            List<TaskState> strangers) {
        ControlBatch batch = batches.get();
        told.forEach(batch::told);
        strangers.forEach(task -> {
            TopicPartition partition = new TopicPartition(topic.name(), partition(task.name()));
            batch.incompatible(task, "it was made for the model "
                    + task.versions().find(task.active()).orElseThrow().model() + ", here runs one with the hash " + model,
                    new ControlPlace(topic.id(), partition.partition(), consumer.position(partition) - 1 - records.records(partition).size()));
        });
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
        batch.events().forEach(committed);
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

    /**
     * The tasks owned here whose version in force was made for another model: it cannot come into force on any instance
     * with this one, and what the tasks say is to be what is so.
     */
    private List<TaskState> strangers() {
        Set<TopicPartition> owned = consumer.assignment();
        return registry.all().stream()
                .filter(task -> task.versions().find(task.active()).filter(version -> !version.isFor(model)).isPresent())
                .filter(task -> owned.contains(new TopicPartition(topic.name(), partition(task.name()))))
                .toList();
    }

    /** Versions in force that cannot be used here for another reason, and were not told yet. */
    private List<Event> newTroubles(List<TaskState> strangers) {
        Map<String, String> now = registry.troubles();
        Set<String> strange = strangers.stream().map(TaskState::name).collect(Collectors.toSet());
        List<Event> events = new ArrayList<>();
        now.forEach((name, why) -> registry.state(name)
                .filter(task -> !why.equals(troubles.get(name)) && !strange.contains(name))
                .ifPresent(task -> events.add(new AdapterIncompatible(
                        new About(Optional.of(name), Optional.empty()), task.active(), why))));
        troubles = now;
        return events;
    }

    /** Where the commands of a task stand: that of its key, as all producers reckon it by default. */
    private int partition(String task) {
        return Utils.toPositive(Utils.murmur2(task.getBytes(UTF_8))) % topic.partitions();
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
