package io.metaie.control;

import java.util.Optional;

/** Not a command; the message says why, for the publisher. */
public final class InvalidCommandException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient About about;
    private final transient Optional<String> upload;

    /** @param about what can be known of the command all the same */
    InvalidCommandException(String reason, About about) {
        this(reason, about, Optional.empty());
    }

    /** @param upload the id of what was put on the adapters' topic for it, if it was to import that */
    InvalidCommandException(String reason, About about, Optional<String> upload) {
        super(reason, null, false, false);
        this.about = about;
        this.upload = upload;
    }

    /** What can be known of the command all the same. */
    public About about() {
        return about;
    }

    /** The id of what was put on the adapters' topic for the command, if it was to import that: nobody will need it. */
    Optional<String> upload() {
        return upload;
    }
}
