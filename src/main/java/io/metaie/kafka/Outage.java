package io.metaie.kafka;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/** Tells failures that pass once the brokers are back from those that another try would meet again. */
public final class Outage {

    private Outage() {}

    /** Whether the brokers are to blame, so that the same is worth another try later. */
    public static boolean isBehind(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof KafkaException && !(cause instanceof SerializationException)
                && !(cause instanceof RecordTooLargeException);
    }

    /** What failed, without what futures wrap it in. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
