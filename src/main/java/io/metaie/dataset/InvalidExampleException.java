package io.metaie.dataset;

/** An example that cannot be used; the message says why. */
public final class InvalidExampleException extends Exception {

    private static final long serialVersionUID = 1L;

    public InvalidExampleException(String message) {
        super(message, null, false, false);
    }
}
