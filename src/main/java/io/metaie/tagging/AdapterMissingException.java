package io.metaie.tagging;

/** Queries are asked of an adapter that the tagger does not have. */
public final class AdapterMissingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AdapterMissingException(Adapter adapter) {
        super("the adapter " + adapter + " is not loaded");
    }
}
