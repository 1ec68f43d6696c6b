package io.metaie.tagging;

/** A run of the tagger failed. */
public final class TaggerException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean infrastructure;

    /**
     * @param infrastructure whether the device or its memory is at fault, so that the same queries are worth another
     *     try later; otherwise the queries themselves may be
     */
    public TaggerException(String message, boolean infrastructure, Throwable cause) {
        super(message, cause);
        this.infrastructure = infrastructure;
    }

    public boolean infrastructure() {
        return infrastructure;
    }

    /** Whether the device, its memory or its libraries are at fault, and not what was asked. */
    static boolean isInfrastructure(Throwable e) {
        // No other Error: a query that provokes one (a stack overflow, say) would be asked for ever.
        return e instanceof OutOfMemoryError
                || e instanceof LinkageError
                || e instanceof TaggerException failure && failure.infrastructure();
    }
}
