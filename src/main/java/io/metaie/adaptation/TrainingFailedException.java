package io.metaie.adaptation;

/** Training came to no good end, such as a loss that is no number; the message says what happened. */
public final class TrainingFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    public TrainingFailedException(String message) {
        super(message);
    }

    public TrainingFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
