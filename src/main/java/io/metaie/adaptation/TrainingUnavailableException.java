package io.metaie.adaptation;

/** There is no training in this process; the message says why. Everything else works. */
public final class TrainingUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    public TrainingUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
