package io.metaie.kafka;

/** A topic the service needs is not there and could not be made; the message says which, and what to do. */
public final class TopicSetupException extends Exception {

    private static final long serialVersionUID = 1L;

    public TopicSetupException(String message) {
        super(message);
    }

    public TopicSetupException(String message, Throwable cause) {
        super(message, cause);
    }
}
