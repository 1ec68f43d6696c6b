package io.metaie.lane;

import io.metaie.config.InstanceName;
import io.metaie.config.MetaieConfig;
import io.metaie.config.MetaieConfig.Role;
import io.metaie.kafka.Backoff;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.TopicState;
import io.metaie.lane.LaneGroup.Surroundings;
import io.metaie.record.RecordProcessor;
import io.metaie.task.Tasks;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The lanes of this instance, as its roles have them. */
@ApplicationScoped
class Lanes {

    private static final Logger LOG = Logger.getLogger(Lanes.class);

    private final Map<LaneKind, LaneGroup> groups = new EnumMap<>(LaneKind.class);
    private final StartPosition startPosition;
    private final String instance;
    private final Tasks tasks;

    Lanes(
            MetaieConfig config,
            KafkaClients clients,
            TopicSetup topicSetup,
            StartPosition startPosition,
            KafkaClientService consumers,
            Rewinds rewinds,
            ChannelRegistry channels,
            RecordProcessor.Factory extraction,
            Tasks tasks,
            Progress tagger,
            LaneMetrics metrics,
            @Identifier(LaneWork.DISTILLATION) LaneWork distillation) {
        this.startPosition = startPosition;
        this.instance = InstanceName.of(config);
        this.tasks = tasks;
        Surroundings with = new Surroundings(config, clients, topicSetup, consumers, rewinds, channels);
        List<String> documents = config.roles().contains(Role.EXTRACT)
                ? LaneChannels.of(LaneKind.EXTRACTION, config.lanes(), "metaie.lanes") : List.of();
        groups.put(LaneKind.EXTRACTION, new LaneGroup(
                LaneKind.EXTRACTION, documents, with, extraction, tagger, metrics, this::prepareExtraction));
        List<String> requests = distillation.isOn()
                ? LaneChannels.of(LaneKind.DISTILLATION, config.distillation().lanes(), "metaie.distillation.lanes") : List.of();
        groups.put(LaneKind.DISTILLATION, new LaneGroup(LaneKind.DISTILLATION, requests, with, distillation.processors(),
                distillation.progress(), metrics.ofRequests(distillation), input -> distillation.awaitState()));
    }

    /** The lane that reads a channel. */
    Lane of(String channel) {
        return groups.values().stream().flatMap(group -> group.of(channel).stream()).findFirst().orElseThrow();
    }

    Collection<Lane> all(LaneKind kind) {
        return groups.get(kind).all();
    }

    Stream<Lane> all() {
        return groups.values().stream().flatMap(group -> group.all().stream());
    }

    String instance() {
        return instance;
    }

    // SmallRye, which observes the start with a priority before the default, has connected the channels by now.
    void start(@Observes StartupEvent event) {
        if (all(LaneKind.EXTRACTION).isEmpty()) {
            LOG.info("Documents are not read here: metaie.roles does not name extract");
        }
        groups.values().forEach(LaneGroup::start);
    }

    // Before anything the lanes work with is stopped.
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        for (LaneGroup group : groups.values()) {
            group.stop();
        }
    }

    private void prepareExtraction(TopicState documents) throws InterruptedException, ExecutionException {
        startPosition.take(documents);
        awaitTasks();
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
}
