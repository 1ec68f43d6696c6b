package io.metaie.checkpoint;

/** Something is not an adapter, or not one for this model; the message says what is wrong with it. */
public final class AdapterException extends Exception {

    private static final long serialVersionUID = 1L;

    public AdapterException(String message) {
        super(message);
    }
}
