package io.metaie.lane;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** What a failed transaction tells; Kafka's clients often wrap the cause. */
final class Failures {

    private Failures() {}

    /** Another producer or consumer took the lane's name. */
    static boolean fenced(Throwable failure) {
        return caused(failure, ProducerFencedException.class)
                || caused(failure, InvalidProducerEpochException.class)
                || caused(failure, FencedInstanceIdException.class);
    }

    /** Another consumer took the lane's name in the group, and this one does not find back by itself. */
    static boolean expelled(Throwable failure) {
        return caused(failure, FencedInstanceIdException.class);
    }

    /** The group does not know the lane's consumer at this generation. */
    static boolean unknownToTheGroup(Throwable failure) {
        return caused(failure, CommitFailedException.class);
    }

    /** A topic takes less than it was believed to. */
    static boolean tooLarge(Throwable failure) {
        return caused(failure, RecordTooLargeException.class);
    }

    private static boolean caused(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (kind.isInstance(t)) {
                return true;
            }
        }
        return false;
    }
}
