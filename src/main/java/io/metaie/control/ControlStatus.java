package io.metaie.control;

import java.util.Optional;

/** How the stream of commands fares. Written by its thread, read by health checks. */
final class ControlStatus {

    private volatile boolean stateRead;
    private volatile boolean open;
    private volatile Optional<String> trouble = Optional.empty();

    /** The tasks have been read to the end that the state topic had at the start. */
    void stateRead() {
        stateRead = true;
    }

    boolean isStateRead() {
        return stateRead;
    }

    /** Commands are read. */
    void well() {
        open = true;
        trouble = Optional.empty();
    }

    /** @param what fails and is tried again */
    void troubled(String what) {
        trouble = Optional.of(what);
    }

    /** Why no command is taken just now, if so. */
    Optional<String> notReady() {
        return trouble.isPresent() || open ? trouble : Optional.of("commands are not read yet");
    }
}
