package io.metaie.feed;

/** The brokers do not answer now. */
public final class BrokersAwayException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokersAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
