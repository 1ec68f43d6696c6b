package io.metaie.record;

/** Device, memory or broker failed: no document is to blame, the same work is worth another try later. */
public final class InfrastructureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InfrastructureException(String message, Throwable cause) {
        super(message, cause);
    }
}
