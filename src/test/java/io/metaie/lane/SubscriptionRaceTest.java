package io.metaie.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.DemandPauser;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.PausableChannel;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.providers.extension.PausableChannelDecorator.PauserChannel;
import java.lang.reflect.Proxy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The subscription of a paused channel arrives on the connector's polling thread just when another thread lets the
 * channel go on: the channel failed at some starts, and the service with it.
 */
class SubscriptionRaceTest {

    private final ExecutorService polling = Executors.newSingleThreadExecutor(task -> new Thread(task, "polling"));
    private final Uni<Object> onPolling = Uni.createFrom().item(new Object()).runSubscriptionOn(polling);

    @AfterEach
    void stop() {
        polling.shutdownNow();
    }

    @Test
    void everyChannelIsAskedForItsFirstBatchOnce() throws Exception {
        for (int start = 0; start < 200; start++) {
            Semaphore asked = new Semaphore(0);
            DemandPauser pauser = new DemandPauser();
            pausedChannel(asked, pauser).subscribe(new OneBatch());
            AtomicInteger elsewhere = new AtomicInteger();

            source(new PauserChannel(pauser) {
                @Override
                public void resume() {
                    if (!Thread.currentThread().getName().equals("polling")) {
                        elsewhere.incrementAndGet();
                    }
                    super.resume();
                }
            }).begin();

            assertTrue(asked.tryAcquire(10, TimeUnit.SECONDS), "no batch is asked for");
            onPolling.await().indefinitely(); // whatever else was to be asked has been
            assertEquals(0, asked.availablePermits(), "batches asked for besides");
            assertEquals(0, elsewhere.get(), "resumed where the subscription does not arrive");
        }
    }

    /** As the connector makes it: subscribed when it is let go on, on the polling thread. */
    private Multi<Integer> pausedChannel(Semaphore asked, DemandPauser pauser) {
        return Multi.createFrom().<Integer>emitter(emitter -> {})
                .onSubscription().call(() -> onPolling)
                .onRequest().invoke(batches -> asked.release((int) batches))
                .pauseDemand().paused(true).lateSubscription(true).using(pauser);
    }

    private ChannelSource source(PausableChannel channel) {
        KafkaConsumer<?, ?> consumer = (KafkaConsumer<?, ?>) fake(KafkaConsumer.class, arguments -> {
            Consumer<Object> action = consumerOf(arguments[0]);
            return onPolling.invoke(nothing -> action.accept(null)).replaceWithVoid();
        });
        return new ChannelSource(
                (KafkaClientService) fake(KafkaClientService.class, arguments -> consumer),
                (ChannelRegistry) fake(ChannelRegistry.class, arguments -> channel),
                LaneChannels.DOCUMENTS,
                new AtomicInteger());
    }

    @SuppressWarnings("unchecked")
    private static Consumer<Object> consumerOf(Object action) {
        return (Consumer<Object>) action;
    }

    private static Object fake(Class<?> type, Function<Object[], Object> answer) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.apply(arguments));
    }

    private static final class OneBatch implements MultiSubscriber<Integer> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onItem(Integer batch) {}

        @Override
        public void onFailure(Throwable failure) {}

        @Override
        public void onCompletion() {}
    }
}
