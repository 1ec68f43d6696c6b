package io.metaie.task;

import java.util.Optional;

/**
 * A command that was accepted and has not ended: it is read again from the control topic by whoever runs it.
 *
 * @param kind what is to be done
 * @param commandId the command's id, if it has one
 * @param place where the command stands
 * @param version the version to make, or to evaluate; 0 is the meta-model, and of a command that waits
 */
public record Job(Kind kind, Optional<String> commandId, ControlPlace place, int version) {

    /** What is to be done. */
    public enum Kind {
        /** To make a version. */
        ADAPT,
        /** To make a version of an adapter that was made elsewhere. */
        IMPORT,
        /** To measure a version. */
        EVALUATE,
        /** A command of any type, to be carried out once those before it have ended. */
        COMMAND
    }
}
