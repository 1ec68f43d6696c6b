package io.metaie.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The file {@code bootstrap} in an embedded broker's directory: where it listens, for commands beside the service. */
public final class BootstrapFile {

    private static final String NAME = "bootstrap";

    private final Path file;

    /** @param directory the broker's */
    public BootstrapFile(Path directory) {
        this.file = directory.toAbsolutePath().normalize().resolve(NAME);
    }

    public Path path() {
        return file;
    }

    /** Writes the address, all of it or nothing. */
    public void write(String bootstrapServers) {
        try {
            Path draft = Files.writeString(file.resolveSibling(NAME + ".new"), bootstrapServers + "\n");
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** The address; empty when there is no such broker. One that was killed leaves its address behind. */
    public Optional<String> read() {
        try {
            return Optional.of(Files.readString(file).strip()).filter(address -> !address.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }
}
