package io.metaie.lane;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** The consumer behind a channel of SmallRye Reactive Messaging, whose own thread polls and does what is asked here. */
final class ChannelSource implements LaneSource {

    private static final Logger LOG = Logger.getLogger(ChannelSource.class);
    private static final Duration REST = Duration.ofMillis(20);

    private final KafkaClientService consumers;
    private final ChannelRegistry channels;
    private final String channel;
    private final AtomicInteger rewinds;

    /** @param rewinds what {@link PollStamp} marks this consumer's records with */
    ChannelSource(KafkaClientService consumers, ChannelRegistry channels, String channel, AtomicInteger rewinds) {
        this.consumers = consumers;
        this.channels = channels;
        this.channel = channel;
        this.rewinds = rewinds;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return consumers.getConsumer(channel);
    }

    // The channel's subscription arrives on the polling thread. A channel resumed on another thread looks at it twice, and
    // when it arrives between, it finds none first and demand next, and fails; or it asks for two batches (Mutiny 3.1).
    @Override
    public void begin() throws InterruptedException, ExecutionException {
        consumer().runOnPollingThread(c -> {
                    channels.getPausable(channel).resume();
                })
                .subscribeAsCompletionStage()
                .get();
    }

    // Kept up to date by the connector at every rebalance, so this does not wait for the polling thread.
    @Override
    public ConsumerGroupMetadata group() {
        return consumer().consumerGroupMetadata().await().indefinitely();
    }

    // Not resetToLastCommittedPositions(): it clears one queue of several, and when the broker is away half way it leaves
    // the partitions paused. Here nothing is touched before the broker has answered, and no poll can come in between.
    @Override
    public void rewind() {
        consumer().runOnPollingThread(c -> {
                    Set<TopicPartition> assigned = c.assignment();
                    Map<TopicPartition, OffsetAndMetadata> committed = c.committed(assigned);
                    for (TopicPartition partition : assigned) {
                        OffsetAndMetadata offset = committed.get(partition);
                        if (offset == null) {
                            c.seekToBeginning(Set.of(partition));
                        } else {
                            c.seek(partition, offset.offset());
                        }
                    }
                    rewinds.incrementAndGet();
                })
                .await()
                .indefinitely();
    }

    @Override
    public int rewinds() {
        return rewinds.get();
    }

    @Override
    public void rejoin(String why) {
        consumer().runOnPollingThread(c -> {
                    c.enforceRebalance(why);
                })
                .await()
                .indefinitely();
    }

    // The connector polls a paused consumer every 2 ms, which cannot be set: some 2 % of a core for two lanes. It has one
    // thread for that; who holds it for a moment has it polled less often. Heartbeats have a thread of their own.
    @Override
    public void rest(CompletableFuture<Void> done) {
        if (done.isDone()) {
            return;
        }
        consumer().runOnPollingThread((Consumer<byte[], byte[]> c) -> {
                    boolean paused = !c.paused().isEmpty();
                    if (paused) {
                        await(done);
                    }
                    return paused;
                })
                .onItem().transformToUni(paused -> paused
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom().voidItem().onItem().delayIt().by(REST))
                .subscribe().with(next -> rest(done), closed -> LOG.debugf("%s is polled no more: %s", channel, closed));
    }

    /** Waits for the end of a batch, but not for long: rebalances need polls. */
    private static void await(CompletableFuture<Void> done) {
        try {
            done.get(REST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException stillInHand) {
            LOG.tracef("A batch is in hand for longer than %s", REST);
        }
    }
}
