package io.metaie.cli;

/** A command cannot do what was asked, for a reason its user can mend; the message is all the user sees. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
