package io.metaie.control;

/** Not a command; the message says why, for the publisher. */
public final class InvalidCommandException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient About about;

    /** @param about what can be known of the command all the same */
    InvalidCommandException(String reason, About about) {
        super(reason, null, false, false);
        this.about = about;
    }

    /** What can be known of the command all the same. */
    public About about() {
        return about;
    }
}
