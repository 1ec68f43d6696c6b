package io.metaie.lane;

import io.metaie.config.MetaieConfig;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Topics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Looks every few seconds whether somebody owns each partition that the lanes' groups read, and asks a group to share anew
 * where nobody does.
 *
 * <p>Lanes are static members, and partitions move from one to another in two rebalances: the first takes them away, the
 * second gives them. Instances that end between the two get back, when they return, what the first left them, for Kafka
 * does not rebalance then. What was on its way would belong to nobody, and its documents wait, until a member comes or
 * goes for good.
 */
@ApplicationScoped
class OrphanWatch {

    private static final Logger LOG = Logger.getLogger(OrphanWatch.class);
    private static final long PERIOD_MILLIS = 3_000;
    /** The consumers of an older list of partitions cannot share new ones: not asked again for so many looks. */
    private static final int LOOKS_BETWEEN = 20;
    private static final int TIMEOUT_MILLIS = 5_000;

    private final Lanes lanes;
    private final KafkaClients clients;
    private final MetaieConfig config;
    private final Topics topics;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "metaie-orphans");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<LaneKind, Seen> seen = new EnumMap<>(LaneKind.class);
    private Optional<Admin> admin = Optional.empty();

    /**
     * What the last look found.
     *
     * @param pause for how many more looks the group is not asked
     */
    private record Seen(Set<TopicPartition> orphans, int pause) {

        private static final Seen NOTHING = new Seen(Set.of(), 0);
    }

    OrphanWatch(Lanes lanes, KafkaClients clients, MetaieConfig config, Topics topics) {
        this.lanes = lanes;
        this.clients = clients;
        this.config = config;
        this.topics = topics;
    }

    void start(@Observes StartupEvent event) {
        thread.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        thread.execute(() -> admin.ifPresent(client -> client.close(Duration.ZERO)));
        thread.shutdown();
        try {
            // Its client is not to outlive the embedded broker.
            thread.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        for (LaneKind kind : LaneKind.values()) {
            if (lanes.all(kind).stream().noneMatch(lane -> lane.status().isJoined())) {
                continue;
            }
            try {
                look(kind);
            } catch (Throwable e) { // An error too: a task that throws is never scheduled again.
                LOG.debugf("Who owns the partitions of %s was not to be read: %s", topics.name(kind.input()), e.getMessage());
            }
        }
    }

    private void look(LaneKind kind) throws ExecutionException, InterruptedException {
        Seen before = seen.getOrDefault(kind, Seen.NOTHING);
        Set<TopicPartition> orphans = orphans(kind);
        // Once may be the moment between two rebalances.
        boolean lasting = !orphans.isEmpty() && orphans.equals(before.orphans());
        if (lasting && before.pause() == 0) {
            LOG.warnf("Nobody owns %s, although the group %s is at rest; it is asked to share its partitions anew",
                    orphans, kind.group(config));
            lanes.all(kind).forEach(Lane::rejoin);
            seen.put(kind, new Seen(orphans, LOOKS_BETWEEN));
        } else {
            seen.put(kind, new Seen(orphans, Math.max(0, before.pause() - 1)));
        }
    }

    /** Partitions that no member of a group at rest has; none while it rebalances. */
    private Set<TopicPartition> orphans(LaneKind kind) throws ExecutionException, InterruptedException {
        String group = kind.group(config);
        ConsumerGroupDescription description =
                client().describeConsumerGroups(List.of(group)).describedGroups().get(group).get();
        if (description.groupState() != GroupState.STABLE) {
            return Set.of();
        }
        String topic = topics.name(kind.input());
        Set<TopicPartition> orphans = client().describeTopics(List.of(topic)).topicNameValues().get(topic).get()
                .partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .collect(Collectors.toSet());
        description.members().forEach(member -> orphans.removeAll(member.assignment().topicPartitions()));
        return orphans;
    }

    private Admin client() {
        if (admin.isEmpty()) {
            admin = Optional.of(clients.admin(config.application() + "-orphans", Map.of(
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS,
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS)));
        }
        return admin.get();
    }
}
