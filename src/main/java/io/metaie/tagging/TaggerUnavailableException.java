package io.metaie.tagging;

/** The device, its memory or the batcher is not available: the same queries are worth another try later. */
public final class TaggerUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TaggerUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
