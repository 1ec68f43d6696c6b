package io.metaie.kafka;

import java.nio.file.Path;

/** The embedded broker's directory belongs to another running broker. */
public final class DirectoryInUseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DirectoryInUseException(Path directory) {
        super("the directory " + directory + " is in use by another running instance: stop it,"
                + " or set metaie.kafka.embedded.directory to another one");
    }
}
