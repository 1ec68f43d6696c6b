package io.metaie.lane;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;

/** The consumer a lane's batches come from. Methods may be called by the lane's thread only, and block. */
interface LaneSource {

    /** The consumer's place in its group as it is now. */
    ConsumerGroupMetadata group();

    /**
     * Goes back to what is committed on every partition and drops what was polled since.
     *
     * @throws RuntimeException when it could not be done, or was left half done; it has to be repeated
     */
    void reset();

    /** Up to which offset a partition is committed, exclusive; 0 when nothing is. */
    long committed(TopicPartition partition);

    /** Asks to join the group anew with the next poll, after it was fenced. */
    void rejoin();
}
