package io.metaie.lane;

import io.metaie.config.MetaieConfig;
import io.metaie.kafka.DeadLetters;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Topic;
import io.metaie.kafka.TopicSetup;
import io.metaie.kafka.TopicSetupException;
import io.metaie.kafka.TopicState;
import io.metaie.kafka.TransactionalProducer;
import io.metaie.record.RecordProcessor;
import io.quarkus.runtime.Quarkus;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * The lanes of one kind, from start to stop. Their channels stay paused, not even subscribed, until the topics are there
 * and every lane's producer is open. That happens beside the start of everything else, which therefore does not wait for
 * brokers that are away: the service is alive then, and not ready.
 */
final class LaneGroup {

    private static final Logger LOG = Logger.getLogger(LaneGroup.class);

    private final LaneKind kind;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final TopicSetup topicSetup;
    private final Preparation preparation;
    private final int maxRequest;
    private final Thread starter;

    /** What the lanes of all kinds work with. */
    record Surroundings(MetaieConfig config, KafkaClients clients, TopicSetup topicSetup, KafkaClientService consumers,
            Rewinds rewinds, ChannelRegistry channels) {}

    /** What has to be there before the first record is read. */
    @FunctionalInterface
    interface Preparation {

        /**
         * Waits for it, however long that takes.
         *
         * @param input the topic to be read
         */
        void await(TopicState input) throws InterruptedException, ExecutionException, TopicSetupException;
    }

    /** @param channels the channel of each lane; none, and there are no lanes */
    LaneGroup(LaneKind kind, List<String> channels, Surroundings with, RecordProcessor.Factory processors,
            Progress progress, LaneListener listener, Preparation preparation) {
        this.kind = kind;
        this.topicSetup = with.topicSetup();
        this.preparation = preparation;
        this.maxRequest = with.clients().maxRequestBytes();
        this.starter = new Thread(this::open, "metaie-" + kind.channel() + "-start");
        for (String channel : channels) {
            int number = LaneChannels.number(channel);
            LaneStatus status = new LaneStatus(kind.lane(number));
            TransactionalProducer producer = new TransactionalProducer(with.clients(), kind.id(with.config(), number));
            ChannelSource source = new ChannelSource(
                    with.consumers(), with.channels(), channel, with.rewinds().of(channel));
            lanes.put(channel, new Lane(status, source, producer,
                    processors.forLane(channel), progress, listener, with.config().lane().target()));
        }
    }

    /** The lane that reads a channel. */
    Optional<Lane> of(String channel) {
        return Optional.ofNullable(lanes.get(channel));
    }

    Collection<Lane> all() {
        return lanes.values();
    }

    void start() {
        if (!lanes.isEmpty()) {
            starter.start();
        }
    }

    void stop() throws InterruptedException {
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
            Map<Topic, TopicState> topics = topicSetup.ensure(kind.topics());
            CompletableFuture.allOf(lanes.values().stream()
                            .map(lane -> lane.open(this::outbound).toCompletableFuture())
                            .toArray(CompletableFuture[]::new))
                    .get();
            preparation.await(topics.get(kind.input()));
            for (Lane lane : lanes.values()) {
                lane.begin();
            }
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

    private OutboundRecords outbound() {
        try {
            Map<Topic, TopicState> topics = topicSetup.ensure(kind.topics());
            TopicState answers = topics.get(kind.output());
            TopicState deadLetters = topics.get(kind.deadLetters());
            return new OutboundRecords(answers.name(), kind.answerType(), Math.min(answers.maxMessageBytes(), maxRequest),
                    new DeadLetters(deadLetters.name(), Math.min(deadLetters.maxMessageBytes(), maxRequest)));
        } catch (TopicSetupException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", e);
        }
    }
}
