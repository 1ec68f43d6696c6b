package io.metaie.lane;

import io.metaie.config.InstanceName;
import io.metaie.config.MetaieConfig;
import io.metaie.kafka.Backoff;
import io.metaie.kafka.DeadLetters;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.TopicSetupException;
import io.metaie.kafka.TopicState;
import io.metaie.kafka.TransactionalProducer;
import io.metaie.record.RecordProcessor;
import io.metaie.task.Tasks;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * The lanes of this instance, from start to stop. The channels stay paused, not even subscribed, until the topics are
 * there and every lane's producer is open. That happens beside the start of everything else, which therefore does not
 * wait for brokers that are away: the service is alive then, and not ready.
 */
@ApplicationScoped
class Lanes {

    private static final Logger LOG = Logger.getLogger(Lanes.class);

    private static final Set<Topic> NEEDED =
            Collections.unmodifiableSet(EnumSet.of(Topic.DOCUMENTS, Topic.DOCUMENTS_DEAD_LETTERS, Topic.SPANS));

    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final TopicSetup topicSetup;
    private final StartPosition startPosition;
    private final ChannelRegistry channels;
    private final String instance;
    private final Tasks tasks;
    private final int maxRequest;
    private final Thread starter = new Thread(this::open, "metaie-lanes-start");

    Lanes(
            MetaieConfig config,
            KafkaClients clients,
            TopicSetup topicSetup,
            StartPosition startPosition,
            KafkaClientService consumers,
            ChannelRegistry channels,
            RecordProcessor.Factory processors,
            Tasks tasks,
            Progress progress,
            LaneListener listener) {
        this.topicSetup = topicSetup;
        this.startPosition = startPosition;
        this.channels = channels;
        this.instance = InstanceName.of(config);
        this.tasks = tasks;
        this.maxRequest = clients.maxRequestBytes();
        if (!config.roles().contains(MetaieConfig.Role.EXTRACT)) {
            return;
        }
        for (String channel : LaneChannels.of(config.lanes())) {
            LaneStatus status = new LaneStatus(String.valueOf(LaneChannels.lane(channel)));
            TransactionalProducer producer = new TransactionalProducer(clients, LaneChannels.id(config, channel));
            lanes.put(channel, new Lane(status, new ChannelSource(consumers, channel), producer,
                    processors.forLane(channel), progress, listener, config.lane().target()));
        }
    }

    /** The lane that reads a channel. */
    Lane of(String channel) {
        return lanes.get(channel);
    }

    Collection<Lane> all() {
        return lanes.values();
    }

    String instance() {
        return instance;
    }

    void start(@Observes StartupEvent event) {
        if (lanes.isEmpty()) {
            LOG.info("Documents are not read here: metaie.roles does not name extract");
        } else {
            starter.start();
        }
    }

    // Before anything the lanes work with is stopped.
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        starter.interrupt();
        starter.join();
        List<Lane> stopping = List.copyOf(lanes.values());
        stopping.forEach(Lane::stop);
        for (Lane lane : stopping) {
            lane.awaitStop();
        }
    }

    private void open() {
        try {
            Map<Topic, TopicState> topics = topicSetup.ensure(NEEDED);
            startPosition.take(topics.get(Topic.DOCUMENTS));
            CompletableFuture.allOf(lanes.values().stream()
                            .map(lane -> lane.open(this::outbound).toCompletableFuture())
                            .toArray(CompletableFuture[]::new))
                    .get();
            awaitTasks();
            lanes.keySet().forEach(channel -> channels.getPausable(channel).resume());
        } catch (InterruptedException e) {
            LOG.debug("Stopped before the lanes were open", e);
        } catch (TopicSetupException e) {
            LOG.errorf("The service cannot start: %s", e.getMessage());
            Quarkus.asyncExit(1);
        } catch (Exception e) {
            LOG.error("The service cannot start", e);
            Quarkus.asyncExit(1);
        }
    }

    // A document of a task not yet read from the state topic would be refused.
    private void awaitTasks() throws InterruptedException {
        Backoff pause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
        while (true) {
            try {
                tasks.present().get();
                return;
            } catch (ExecutionException e) {
                long millis = pause.next();
                LOG.warnf("The tasks are not known yet (%s); documents wait, next try in %d ms", e.getCause(), millis);
                Thread.sleep(millis);
            }
        }
    }

    private OutboundRecords outbound() {
        try {
            Map<Topic, TopicState> topics = topicSetup.ensure(NEEDED);
            TopicState spans = topics.get(Topic.SPANS);
            TopicState deadLetters = topics.get(Topic.DOCUMENTS_DEAD_LETTERS);
            return new OutboundRecords(spans.name(), Math.min(spans.maxMessageBytes(), maxRequest),
                    new DeadLetters(deadLetters.name(), Math.min(deadLetters.maxMessageBytes(), maxRequest)));
        } catch (TopicSetupException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", e);
        }
    }
}
