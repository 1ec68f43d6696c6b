package io.metaie.lane;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/**
 * The consumer a lane's batches come from. Methods block; but for {@link #begin}, {@link #rejoin} and {@link #rest} the
 * lane's thread only may call them.
 */
interface LaneSource {

    /** Subscribes: batches come from now on. To be called once. */
    void begin() throws InterruptedException, ExecutionException;

    /** The consumer's place in its group as it is now. */
    ConsumerGroupMetadata group();

    /**
     * Goes back to what is committed on every partition: all or nothing. Batches polled before it are still on their
     * way, and told by {@link #rewinds()}.
     *
     * @throws RuntimeException when it could not be done; it has to be repeated
     */
    void rewind();

    /** How often it went back. What was polled at another count is polled again, or belongs to another lane by now. */
    int rewinds();

    /**
     * Asks to join the group anew with the next poll.
     *
     * @param why for Kafka's logs
     */
    void rejoin(String why);

    /**
     * Has it polled less often while the lane has a batch in hand and enough behind it. Returns at once.
     *
     * @param done complete when the lane takes the next
     */
    void rest(CompletableFuture<Void> done);
}
