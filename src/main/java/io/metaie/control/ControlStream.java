package io.metaie.control;

import io.metaie.adapter.AdapterStore;
import io.metaie.adapter.ServedAdapters;
import io.metaie.config.InstanceName;
import io.metaie.config.MetaieConfig;
import io.metaie.config.MetaieConfig.Role;
import io.metaie.engine.Engine;
import io.metaie.kafka.Backoff;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.StateFollower;
import io.metaie.kafka.StopSignal;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.TopicSetupException;
import io.metaie.kafka.TopicState;
import io.metaie.kafka.Topics;
import io.metaie.task.TaskRegistry;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * Commands in, tasks and events out. Every instance follows the tasks, and tells of what it cannot serve of them; those
 * with the role {@code adapt} form a group of which one owns the commands.
 */
@ApplicationScoped
class ControlStream {

    private static final Logger LOG = Logger.getLogger(ControlStream.class);
    private static final Set<Topic> STATE = Collections.unmodifiableSet(EnumSet.of(Topic.TASKS, Topic.ADAPTERS, Topic.EVENTS));
    private static final Set<Topic> ALL = Collections.unmodifiableSet(
            EnumSet.of(Topic.TASKS, Topic.ADAPTERS, Topic.CONTROL, Topic.EVENTS));
    private static final Duration STEP_GRACE = Duration.ofSeconds(2);
    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private final MetaieConfig config;
    private final KafkaClients clients;
    private final TopicSetup topicSetup;
    private final TaskRegistry registry;
    private final AdapterStore store;
    private final AdapterReports reports;
    private final CommandLoop commands;
    private final ControlStatus status = new ControlStatus();
    private final StopSignal stop = new StopSignal();
    private final Thread thread = new Thread(this::run, "metaie-control");
    private Optional<Thread> reporter = Optional.empty();

    ControlStream(MetaieConfig config, KafkaClients clients, TopicSetup topicSetup, Topics topics,
            TaskRegistry registry, AdapterStore store, ServedAdapters served, Provider<Engine> engine, ControlMetrics metrics,
            AdapterReports reports) {
        this.config = config;
        this.clients = clients;
        this.topicSetup = topicSetup;
        this.registry = registry;
        this.store = store;
        this.reports = reports;
        this.commands = new CommandLoop(config, clients, topicSetup, ALL, registry, reports,
                new Works(clients, store, served, new Training(config.training()), engine, topics.distillationExamples()),
                metrics, status, stop);
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
                report(topics.get(Topic.EVENTS));
                awaitState();
                if (isOn()) {
                    commands.run();
                } else {
                    stop.pause(Long.MAX_VALUE);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped", e);
        } catch (TopicSetupException e) {
            LOG.errorf("The service cannot start: %s", e.getMessage());
            Quarkus.asyncExit(1);
        } catch (RuntimeException e) {
            if (stop.isSet()) {
                LOG.debug("Stopped", e);
            } else { // Without this thread the service would wait for the tasks, and say nothing.
                LOG.error("The service cannot follow the tasks and ends", e);
                Quarkus.asyncExit(1);
            }
        } finally {
            reporter.ifPresent(Thread::interrupt);
        }
    }

    private void report(TopicState events) {
        EventWriter writer = new EventWriter(events.name(), clients.limit(events), InstanceName.of(config));
        Thread telling = new Thread(() -> reports.tell(clients, writer, stop), "metaie-adapter-reports");
        telling.setDaemon(true);
        telling.start();
        reporter = Optional.of(telling);
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
}
