package io.metaie.control;

import io.metaie.adapter.AdapterParts;
import io.metaie.config.InstanceName;
import io.metaie.config.MetaieConfig;
import io.metaie.control.ControlSession.ControlTopic;
import io.metaie.kafka.Backoff;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Outage;
import io.metaie.kafka.StopSignal;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.TopicSetupException;
import io.metaie.kafka.TopicState;
import io.metaie.kafka.TransactionalProducer;
import io.metaie.task.TaskRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.jboss.logging.Logger;

/**
 * Carries out commands until it is told to stop. When the brokers fail it, the producer is opened anew and all goes on
 * from what is committed; the consumer stays in its group meanwhile and the jobs go on, since nobody else owns them. Only
 * what a new producer cannot mend ends the jobs as well: then everything is opened anew, and they are begun again.
 */
final class CommandLoop {

    private static final Logger LOG = Logger.getLogger(CommandLoop.class);

    private final MetaieConfig config;
    private final KafkaClients clients;
    private final TopicSetup topicSetup;
    private final Set<Topic> needed;
    private final TaskRegistry registry;
    private final AdapterReports reports;
    private final Works works;
    private final ControlMetrics metrics;
    private final ControlStatus status;
    private final StopSignal stop;
    private final Backoff pause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

    /** @param needed the topics that it works with */
    CommandLoop(MetaieConfig config, KafkaClients clients, TopicSetup topicSetup, Set<Topic> needed, TaskRegistry registry,
            AdapterReports reports, Works works, ControlMetrics metrics, ControlStatus status, StopSignal stop) {
        this.config = config;
        this.clients = clients;
        this.topicSetup = topicSetup;
        this.needed = needed;
        this.registry = registry;
        this.reports = reports;
        this.works = works;
        this.metrics = metrics;
        this.status = status;
        this.stop = stop;
    }

    void run() throws InterruptedException {
        while (!stop.isSet()) {
            try {
                session();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | OutOfMemoryError e) {
                if (stop.isSet() || Thread.interrupted()) {
                    return;
                }
                long millis = pause.next();
                status.troubled("commands cannot be carried out: " + e);
                LOG.warnf(e, "Commands cannot be carried out; consumer and producer are opened anew in %d ms, and jobs begun "
                        + "again", millis);
                stop.pause(millis);
            }
        }
    }

    private void session() throws InterruptedException, ExecutionException, TimeoutException, TopicSetupException {
        Map<Topic, TopicState> topics = topicSetup.ensure(needed);
        ControlTopic control = control(topics.get(Topic.CONTROL));
        String id = config.application() + "-" + InstanceName.of(config) + "-control";
        CommandReader reader = new CommandReader(config.control().maxBytes());
        TopicState events = topics.get(Topic.EVENTS);
        EventWriter writer = new EventWriter(events.name(), clients.limit(events), InstanceName.of(config));
        TopicState tasks = topics.get(Topic.TASKS);
        TopicState adapters = topics.get(Topic.ADAPTERS);
        int batchBytes = topics.values().stream().mapToInt(TopicState::maxMessageBytes).min().orElseThrow();
        try (TransactionalProducer producer = new TransactionalProducer(clients, id);
                Jobs jobs = works.jobs(control, reader, clients.limit(adapters) - AdapterParts.OVERHEAD)) {
            producer.reopen(batchBytes);
            try (Consumer<byte[], byte[]> consumer = clients.consumer(id + "-reader", consumer(id))) {
                ControlSession session = new ControlSession(consumer, producer, control, registry, jobs, reports,
                        () -> new ControlBatch(reader, new CommandHandler(works), registry, tasks.name(),
                                clients.limit(tasks), adapters.name(), writer), works.model(), metrics::told);
                session.open();
                while (!stop.isSet()) {
                    try {
                        session.step();
                        status.well();
                        pause.reset();
                    } catch (ExecutionException | TimeoutException | RuntimeException e) {
                        goOn(session, e, () -> {
                            if (!control(topicSetup.ensure(needed).get(Topic.CONTROL)).equals(control)) {
                                throw new IllegalStateException("the control topic is another one now");
                            }
                            producer.reopen(batchBytes);
                        });
                    }
                }
            }
        }
    }

    /** Opens what a session writes with anew. */
    @FunctionalInterface
    private interface Reopening {
        void run() throws InterruptedException, ExecutionException, TopicSetupException;
    }

    /** A step failed: tries to go on with the same consumer and the same jobs until that succeeds. */
    private void goOn(ControlSession session, Exception failure, Reopening reopening)
            throws InterruptedException, ExecutionException, TimeoutException, TopicSetupException {
        Exception last = failure;
        while (!stop.isSet()) {
            if (Thread.currentThread().isInterrupted() || !passes(last)) {
                rethrow(last);
            }
            long millis = pause.next();
            status.troubled("commands cannot be carried out: " + last);
            LOG.warnf("Commands cannot be carried out (%s); the producer is opened anew in %d ms, jobs go on", last, millis);
            stop.pause(millis);
            try {
                reopening.run();
                session.resume();
                return;
            } catch (ExecutionException | RuntimeException e) {
                last = e;
            }
        }
    }

    private static void rethrow(Exception failure) throws ExecutionException, TimeoutException {
        if (failure instanceof ExecutionException e) {
            throw e;
        }
        if (failure instanceof TimeoutException e) {
            throw e;
        }
        throw (RuntimeException) failure;
    }

    /** Whether a failure is the brokers', and one that the consumer outlives. */
    private static boolean passes(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FencedInstanceIdException) {
                return false; // another one of this name is in the group now
            }
        }
        return failure instanceof TimeoutException || Outage.isBehind(failure);
    }

    private ControlTopic control(TopicState topic) throws InterruptedException, ExecutionException {
        try (Admin admin = clients.admin("metaie-control-topic", Map.of())) {
            String id = admin.describeTopics(java.util.List.of(topic.name())).allTopicNames().get()
                    .get(topic.name()).topicId().toString();
            return new ControlTopic(topic.name(), id, topic.partitions());
        }
    }

    private Map<String, Object> consumer(String id) {
        return Map.ofEntries(
                Map.entry(ConsumerConfig.GROUP_ID_CONFIG, config.application() + "-control"),
                Map.entry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id),
                Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                Map.entry(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false),
                Map.entry(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName()),
                Map.entry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000),
                Map.entry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000),
                Map.entry(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000),
                Map.entry(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000),
                Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50));
    }
}
