package io.metaie.label;

/** Labels that cannot be asked; the message says which and why. */
public final class InvalidLabelsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvalidLabelsException(String message) {
        super(message, null, false, false);
    }
}
