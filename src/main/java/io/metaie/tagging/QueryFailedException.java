package io.metaie.tagging;

/** A query failed by itself, three times, while device and memory were well. */
public final class QueryFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public QueryFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
