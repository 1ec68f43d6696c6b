package io.metaie.checkpoint;

/**
 * A directory is not a checkpoint this program can run. The message names the directory, says what is wrong with it and
 * what to do about it.
 */
public final class CheckpointException extends Exception {

    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
