package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.TransactionalProducer;
import io.metaie.task.ControlPlace;
import io.metaie.task.Job;
import io.metaie.task.TaskRegistry;
import io.metaie.task.TaskState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jboss.logging.Logger;

/**
 * Reads commands with one consumer and carries them out with one transactional producer. What one poll brings, and the
 * jobs that have ended meanwhile, is one transaction of task records, events and offsets. Offsets go along even if no
 * command came, so that an instance that lost its partition cannot commit the end of a job either.
 *
 * <p>When a step fails, whatever was in it is still to be done, unless its transaction was committed all the same: the
 * offsets bear a mark by which {@link #resume} finds out. Jobs go on meanwhile; they end only with the partition.
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
    private final AdapterReports reports;
    private final Supplier<ControlBatch> batches;
    private final String model;
    private final Consumer<Event> committed;
    /** The versions that the transaction to come tells of, as nobody else does here. */
    private final Map<String, Integer> claimed = new HashMap<>();
    private boolean assigned;
    /** The transaction whose outcome is not known yet. */
    private Optional<Attempt> attempt = Optional.empty();

    /**
     * The control topic as it stands.
     *
     * @param id what the cluster calls it, whatever its name
     */
    record ControlTopic(String name, String id, int partitions) {}

    /**
     * A transaction.
     *
     * @param mark what its offsets bear, as no other's do
     */
    private record Attempt(String mark, ControlBatch batch, Jobs.News news) {}

    /**
     * @param reports what was told of versions by this instance
     * @param model the hash of the model that tags here
     * @param committed hears of every event that was committed
     */
    ControlSession(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer, TransactionalProducer producer,
            ControlTopic topic, TaskRegistry registry, Jobs jobs, AdapterReports reports, Supplier<ControlBatch> batches,
            String model, Consumer<Event> committed) {
        this.consumer = consumer;
        this.producer = producer;
        this.topic = topic;
        this.registry = registry;
        this.jobs = jobs;
        this.reports = reports;
        this.batches = batches;
        this.model = model;
        this.committed = committed;
    }

    /** Joins the group. */
    void open() {
        consumer.subscribe(Set.of(topic.name()), new Ownership());
    }

    /**
     * Polls once and carries out what came.
     *
     * @throws RuntimeException as the others when it is not known what became of it: before the next step the producer
     *     has to be opened again, and {@link #resume} to succeed
     */
    void step() throws InterruptedException, ExecutionException, TimeoutException {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(jobs.isIdle() ? POLL : POLL_BESIDE_JOBS);
        Jobs.News news = jobs.news();
        if (records.isEmpty() && news.isEmpty() && !assigned) {
            return;
        }
        // Somebody else may have carried out the commands before these: what that left must be known first.
        registry.present().get(STATE_SECONDS, TimeUnit.SECONDS);
        List<TaskState> strangers = List.of();
        if (assigned) {
            strangers = strangers();
            resumeJobs();
        }
        if (!records.isEmpty() || !news.isEmpty() || !strangers.isEmpty()) {
            commit(records, news, strangers);
        }
        assigned = false;
    }

    /**
     * Goes on after a step that failed, with what is committed. The producer was opened again, so that nothing is left
     * open that it had begun.
     */
    void resume() {
        Set<TopicPartition> owned = consumer.assignment();
        Map<TopicPartition, OffsetAndMetadata> offsets = consumer.committed(owned);
        attempt.filter(one -> offsets.values().stream().anyMatch(offset -> offset != null && offset.metadata().equals(one.mark())))
                .ifPresent(this::settle);
        attempt = Optional.empty();
        owned.forEach(partition -> {
            Optional<Long> next = Optional.ofNullable(offsets.get(partition)).map(OffsetAndMetadata::offset)
                    .or(() -> carriedOut(partition));
            if (next.isPresent()) {
                consumer.seek(partition, next.get());
            } else {
                consumer.seekToBeginning(Set.of(partition));
            }
        });
    }

    private void commit(ConsumerRecords<byte[], byte[]> records, Jobs.News news, List<TaskState> strangers) {
        ControlBatch batch = batches.get();
        news.told().forEach(batch::told);
        strangers.forEach(task -> {
            TopicPartition partition = new TopicPartition(topic.name(), partition(task.name()));
            long before = consumer.position(partition) - 1 - records.records(partition).size();
            batch.incompatible(task, "it was made for the model "
                            + task.versions().find(task.active()).orElseThrow().model() + ", here runs one with the hash " + model,
                    new ControlPlace(topic.id(), partition.partition(), before), claimed(task));
        });
        for (ConsumerRecord<byte[], byte[]> record : records) {
            batch.command(
                    Optional.ofNullable(record.value()),
                    Optional.ofNullable(record.key()),
                    topic.partitions() > 1,
                    new ControlPlace(topic.id(), record.partition(), record.offset()));
        }
        String mark = UUID.randomUUID().toString();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        consumer.assignment().forEach(p -> offsets.put(p, new OffsetAndMetadata(consumer.position(p), mark)));
        for (Jobs.Ended one : news.ended()) {
            int partition = one.job().place().partition();
            OffsetAndMetadata position = offsets.get(new TopicPartition(topic.name(), partition));
            if (position != null) {
                batch.ended(one, new ControlPlace(topic.id(), partition, position.offset() - 1));
            }
        }
        Attempt now = new Attempt(mark, batch, news);
        attempt = Optional.of(now);
        producer.commit(batch.records(), offsets, consumer.groupMetadata());
        settle(now);
        attempt = Optional.empty();
    }

    private void settle(Attempt committedNow) {
        committedNow.batch().events().forEach(committed);
        jobs.settled(committedNow.news());
        claimed.clear();
        committedNow.batch().changed().forEach((name, state) -> {
            jobs.retain(name, state);
            state.ifPresent(jobs::start);
        });
    }

    /** Where to go on if the group forgot where it was: the tasks themselves say which commands left their trace in them. */
    private Optional<Long> carriedOut(TopicPartition partition) {
        return registry.carriedOut(topic.id(), partition.partition()).map(offset -> offset + 1);
    }

    /** What was accepted, maybe by another instance, and has not ended. */
    private void resumeJobs() {
        Set<TopicPartition> owned = consumer.assignment();
        for (TaskState task : registry.all()) {
            List<Job> mine = task.jobs().stream()
                    .filter(job -> owned.contains(new TopicPartition(topic.name(), job.place().partition())))
                    .toList();
            if (!mine.isEmpty() && jobs.start(task)) {
                LOG.infof("Task %s: %d commands accepted before have not ended and are run again",
                        task.name(), mine.size());
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

    /** Whether it is told here that the version in force of a task is another model's; it may have been told from here before. */
    private boolean claimed(TaskState task) {
        if (reports.claim(task.name(), task.active())) {
            claimed.put(task.name(), task.active());
        }
        return claimed.getOrDefault(task.name(), 0) == task.active();
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
                    carriedOut(partition).ifPresent(next -> consumer.seek(partition, next));
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
