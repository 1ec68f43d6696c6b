package io.metaie.kafka;

import io.metaie.kafka.TopicDeclarations.Declaration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/**
 * Sees to it, before anything reads or writes, that the topics are there: creates what is missing as
 * {@code kafka/topics.yaml} declares it, or says what is missing and why it may not be created. While the brokers are
 * away it waits and tries again.
 */
public final class TopicSetup {

    private static final Logger LOG = Logger.getLogger(TopicSetup.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Map<String, Object> ADMIN = Map.of(
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000, AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);

    private final KafkaClients clients;
    private final Topics topics;
    private final TopicDeclarations declarations;
    private final boolean create;

    /** @param create whether what is missing is created */
    public TopicSetup(KafkaClients clients, Topics topics, TopicDeclarations declarations, boolean create) {
        this.clients = clients;
        this.topics = topics;
        this.declarations = declarations;
        this.create = create;
    }

    /**
     * Creates or checks these topics, however long the brokers stay away.
     *
     * @return each topic as it then stands
     * @throws TopicSetupException when one is missing and cannot or may not be created
     * @throws InterruptedException when the caller no longer wants to wait
     */
    public Map<Topic, TopicState> ensure(Set<Topic> needed) throws TopicSetupException, InterruptedException {
        try (Admin admin = clients.admin("metaie-topics", ADMIN)) {
            Backoff pause = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
            while (true) {
                try {
                    return attempt(admin, needed);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof RetriableException)) {
                        throw new TopicSetupException("the topics cannot be set up: " + e.getCause().getMessage(),
                                e.getCause());
                    }
                    boolean spreading = e.getCause() instanceof UnknownTopicOrPartitionException;
                    LOG.logf(spreading ? Logger.Level.DEBUG : Logger.Level.WARN,
                            "The topics at %s cannot be set up yet (%s); they are tried again until they can",
                            clients.settings().bootstrapServers().orElse("?"), e.getCause().getMessage());
                }
                pause.pause();
            }
        }
    }

    private Map<Topic, TopicState> attempt(Admin admin, Set<Topic> needed)
            throws ExecutionException, InterruptedException, TopicSetupException {
        Map<Topic, Declaration> declared =
                declarations.forBrokers(admin.describeCluster().nodes().get().size());
        List<Topic> missing = new ArrayList<>(needed);
        missing.removeAll(describe(admin, needed).keySet());
        if (!missing.isEmpty()) {
            create(admin, declared, missing);
        }
        // A topic just created may not have reached every broker yet: the exception is retriable.
        Map<Topic, TopicDescription> present = describe(admin, needed);
        if (!present.keySet().containsAll(needed)) {
            throw new ExecutionException(new UnknownTopicOrPartitionException("topics are not yet known everywhere"));
        }
        return check(declared, present, configs(admin, needed));
    }

    private Map<Topic, TopicDescription> describe(Admin admin, Collection<Topic> needed)
            throws ExecutionException, InterruptedException {
        Map<String, KafkaFuture<TopicDescription>> answers = admin.describeTopics(
                needed.stream().map(topics::name).toList()).topicNameValues();
        Map<Topic, TopicDescription> present = new EnumMap<>(Topic.class);
        for (Topic topic : needed) {
            try {
                present.put(topic, answers.get(topics.name(topic)).get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return present;
    }

    private void create(Admin admin, Map<Topic, Declaration> declared, List<Topic> missing)
            throws ExecutionException, InterruptedException, TopicSetupException {
        if (!create) {
            throw new TopicSetupException("missing on the broker: " + described(declared, missing)
                    + ". Create them as kafka/topics.yaml declares, or set metaie.topics.create=true");
        }
        Map<String, KafkaFuture<Void>> answers = admin.createTopics(
                missing.stream().map(topic -> declared.get(topic).named(topics.name(topic))).toList()).values();
        for (Topic topic : missing) {
            String name = topics.name(topic);
            try {
                answers.get(name).get();
                LOG.infof("Created the topic %s (partitions: %d)", name, declared.get(topic).partitions());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RetriableException) {
                    throw e;
                }
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new TopicSetupException("the topic " + described(declared, List.of(topic))
                            + " is missing and cannot be created: " + e.getCause().getMessage(), e.getCause());
                }
            }
        }
    }

    private String described(Map<Topic, Declaration> declared, List<Topic> missing) {
        return missing.stream()
                .map(topic -> topics.name(topic) + " (partitions: " + declared.get(topic).partitions() + ")")
                .collect(Collectors.joining(", "));
    }

    /** The topics' settings; empty where the cluster does not let us read them. */
    private Map<String, Config> configs(Admin admin, Set<Topic> needed)
            throws ExecutionException, InterruptedException {
        List<ConfigResource> resources = needed.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topics.name(topic)))
                .toList();
        try {
            Map<String, Config> configs = new HashMap<>();
            admin.describeConfigs(resources).all().get().forEach((key, value) -> configs.put(key.name(), value));
            return configs;
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            LOG.warnf("The topics' settings may not be read (%s); they are taken to be those of kafka/topics.yaml",
                    e.getCause().getMessage());
            return Map.of();
        }
    }

    private Map<Topic, TopicState> check(
            Map<Topic, Declaration> declared, Map<Topic, TopicDescription> present, Map<String, Config> configs) {
        Map<Topic, TopicState> states = new EnumMap<>(Topic.class);
        present.forEach((topic, description) -> {
            String name = topics.name(topic);
            Config config = configs.getOrDefault(name, new Config(List.of()));
            ConfigEntry limit = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            states.put(topic, new TopicState(name, description.partitions().size(),
                    limit == null ? declared.get(topic).maxMessageBytes() : Integer.parseInt(limit.value())));
            ConfigEntry policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
            if (policy != null && declared.get(topic).compacted()
                    && !TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy.value())) {
                LOG.warnf("The topic %s holds state but its cleanup.policy is %s: what is in it will be deleted one "
                        + "day; set it to compact", name, policy.value());
            }
        });
        return states;
    }
}
