package io.metaie.control;

import io.metaie.adapter.AdapterParts;
import io.metaie.adapter.AdapterStore;
import io.metaie.adapter.ServedAdapters;
import io.metaie.config.InstanceName;
import io.metaie.config.MetaieConfig;
import io.metaie.config.MetaieConfig.Role;
import io.metaie.control.ControlSession.ControlTopic;
import io.metaie.engine.Engine;
import io.metaie.evaluation.Evaluator;
import io.metaie.kafka.Backoff;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.StateFollower;
import io.metaie.kafka.StopSignal;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.TopicSetupException;
import io.metaie.kafka.TopicState;
import io.metaie.kafka.TransactionalProducer;
import io.metaie.tagging.Source;
import io.metaie.task.Job;
import io.metaie.task.TaskRegistry;
import io.metaie.task.TaskVersion;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Provider;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.jboss.logging.Logger;

/**
 * Commands in, tasks and events out. Every instance follows the tasks; those with the role {@code adapt} form a group of
 * which one owns the commands. Whatever fails, consumer and producer are opened anew and go on from what is committed.
 */
@ApplicationScoped
class ControlStream {

    private static final Logger LOG = Logger.getLogger(ControlStream.class);
    private static final Set<Topic> STATE = Collections.unmodifiableSet(EnumSet.of(Topic.TASKS, Topic.ADAPTERS));
    private static final Set<Topic> ALL = Collections.unmodifiableSet(
            EnumSet.of(Topic.TASKS, Topic.ADAPTERS, Topic.CONTROL, Topic.EVENTS, Topic.DISTILLATION_EXAMPLES));
    private static final Source EVALUATION = new Source("evaluation", false);
    private static final Duration STEP_GRACE = Duration.ofSeconds(2);
    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private final MetaieConfig config;
    private final KafkaClients clients;
    private final TopicSetup topicSetup;
    private final TaskRegistry registry;
    private final AdapterStore store;
    private final ServedAdapters served;
    private final Training training;
    private final Provider<Engine> engine;
    private final ControlMetrics metrics;
    private final ControlStatus status = new ControlStatus();
    private final StopSignal stop = new StopSignal();
    private final Thread thread = new Thread(this::run, "metaie-control");

    ControlStream(MetaieConfig config, KafkaClients clients, TopicSetup topicSetup, TaskRegistry registry,
            AdapterStore store, ServedAdapters served, Provider<Engine> engine, ControlMetrics metrics) {
        this.config = config;
        this.clients = clients;
        this.topicSetup = topicSetup;
        this.registry = registry;
        this.store = store;
        this.served = served;
        this.training = new Training(config.training());
        this.engine = engine;
        this.metrics = metrics;
    }

    ControlStatus status() {
        return status;
    }

    /** Whether this instance carries out commands. */
    boolean isOn() {
        return config.roles().contains(Role.ADAPT);
    }

    void start(@Observes StartupEvent event) {
        thread.start();
    }

    // Before anything it works with is stopped.
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        stop.set();
        // A transaction in work is better committed than left to be aborted; only what takes too long is interrupted.
        thread.join(STEP_GRACE.toMillis());
        thread.interrupt();
        thread.join(STOP_GRACE.toMillis());
    }

    private void run() {
        Set<Topic> needed = isOn() ? ALL : STATE;
        try {
            Map<Topic, TopicState> topics = topicSetup.ensure(needed);
            try (StateFollower adapters = StateFollower.start(clients, topics.get(Topic.ADAPTERS), store::apply);
                    StateFollower tasks = StateFollower.start(clients, topics.get(Topic.TASKS), registry::apply)) {
                store.follows(adapters::present);
                registry.follows(tasks::present);
                awaitState();
                if (isOn()) {
                    commands();
                } else {
                    stop.pause(Long.MAX_VALUE);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped", e);
        } catch (TopicSetupException e) {
            LOG.errorf("The service cannot start: %s", e.getMessage());
            Quarkus.asyncExit(1);
        }
    }

    private void awaitState() throws InterruptedException {
        Backoff pause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
        while (!stop.isSet()) {
            try {
                registry.present().get();
                registry.begun();
                status.stateRead();
                return;
            } catch (ExecutionException e) {
                long millis = pause.next();
                LOG.warnf("The tasks cannot be read (%s); next try in %d ms", e.getCause(), millis);
                stop.pause(millis);
            }
        }
    }

    private void commands() throws InterruptedException {
        Backoff pause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
        while (!stop.isSet()) {
            try {
                session(pause);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | OutOfMemoryError e) {
                if (stop.isSet() || Thread.interrupted()) {
                    return;
                }
                long millis = pause.next();
                status.troubled("commands cannot be carried out: " + e);
                LOG.warnf(e, "Commands cannot be carried out; consumer and producer are opened anew in %d ms", millis);
                stop.pause(millis);
            }
        }
    }

    private void session(Backoff pause)
            throws InterruptedException, ExecutionException, TopicSetupException, java.util.concurrent.TimeoutException {
        Map<Topic, TopicState> topics = topicSetup.ensure(ALL);
        ControlTopic control = control(topics.get(Topic.CONTROL));
        String id = config.application() + "-" + InstanceName.of(config) + "-control";
        CommandReader reader = new CommandReader(config.control().maxBytes());
        EventWriter events = new EventWriter(topics.get(Topic.EVENTS).name(), limit(topics.get(Topic.EVENTS)),
                InstanceName.of(config));
        TopicState tasks = topics.get(Topic.TASKS);
        try (TransactionalProducer producer = new TransactionalProducer(clients, id);
                Jobs jobs = jobs(control, reader, topics)) {
            producer.reopen(topics.values().stream().mapToInt(TopicState::maxMessageBytes).min().orElseThrow());
            try (Consumer<byte[], byte[]> consumer = clients.consumer(id + "-reader", consumer(id))) {
                ControlSession session = new ControlSession(consumer, producer, control, registry, jobs,
                        () -> new ControlBatch(reader, new CommandHandler(weights()), registry, tasks.name(), limit(tasks),
                                topics.get(Topic.ADAPTERS).name(), events), engine.get().checkpoint().hash(), metrics::told);
                session.open();
                while (!stop.isSet()) {
                    session.step();
                    status.well();
                    pause.reset();
                }
            }
        }
    }

    private Jobs jobs(ControlTopic control, CommandReader reader, Map<Topic, TopicState> topics) {
        CommandLog log = new CommandLog(clients, control);
        int partBytes = limit(topics.get(Topic.ADAPTERS)) - AdapterParts.OVERHEAD;
        CollectedExamples collected = new CollectedExamples(clients, topics.get(Topic.DISTILLATION_EXAMPLES).name());
        return new Jobs(Map.of(
                Job.Kind.COMMAND, new WaitingCommands(log),
                Job.Kind.EVALUATE, new Evaluations(log, reader, served::hold, (adapter, threshold) -> new Evaluator(
                        engine.get().encoder(), engine.get().batcher(), EVALUATION, adapter, threshold)),
                Job.Kind.IMPORT, new Imports(log, reader, () -> engine.get().checkpoint(), store, partBytes),
                Job.Kind.ADAPT, new Adaptations(log, reader, engine::get, training::get, store, collected,
                        partBytes)));
    }

    private CommandHandler.Weights weights() {
        return new CommandHandler.Weights() {
            @Override
            public Optional<String> fault(String task, TaskVersion version) {
                return served.fault(task, version);
            }

            @Override
            public List<String> uploads(String task) {
                return store.uploads(task);
            }
        };
    }

    private ControlTopic control(TopicState topic) throws InterruptedException, ExecutionException {
        try (Admin admin = clients.admin("metaie-control-topic", Map.of())) {
            String id = admin.describeTopics(List.of(topic.name())).allTopicNames().get()
                    .get(topic.name()).topicId().toString();
            return new ControlTopic(topic.name(), id, topic.partitions());
        }
    }

    private int limit(TopicState topic) {
        return Math.min(topic.maxMessageBytes(), clients.maxRequestBytes());
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
