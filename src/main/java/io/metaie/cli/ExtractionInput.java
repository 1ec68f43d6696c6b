package io.metaie.cli;

import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code extract} reads: an argument, a file or standard input, as one document or as a document a line. */
final class ExtractionInput implements Closeable {

    private final String name;
    private final TextFile file;
    private final boolean whole;
    private final int maxBytes;
    private Optional<ByteLines> lines = Optional.empty();
    private boolean read;

    private ExtractionInput(String name, TextFile file, boolean whole, int maxBytes) {
        this.name = name;
        this.file = file;
        this.whole = whole;
        this.maxBytes = maxBytes;
    }

    /**
     * A document as it was read.
     *
     * @param place where it stands, for messages: a line, or the whole input
     * @param id its name where it brings none: {@code <input>:<line>}
     * @param value its bytes; of a document that is too large, one more than it may have
     */
    record Item(String place, String id, byte[] value) {}

    /**
     * Standard input.
     *
     * @param maxBytes no more than this and one byte is read of a document, the rest is passed over
     */
    static ExtractionInput standard(InputStream in, boolean whole, int maxBytes) throws IOException {
        return new ExtractionInput("stdin", TextFiles.open(TextFiles.STANDARD_INPUT, in), whole, maxBytes);
    }

    /** A file, plain or packed. */
    static ExtractionInput file(Path file, boolean whole, int maxBytes) throws IOException {
        return new ExtractionInput(String.valueOf(file.getFileName()), TextFiles.open(file), whole, maxBytes);
    }

    /** The text itself. */
    static ExtractionInput text(String text, boolean whole, int maxBytes) {
        InputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        // A blank line is no document, but a blank argument is one: it was given.
        return new ExtractionInput("text", TextFiles.of(bytes), whole || text.isBlank(), maxBytes);
    }

    /** The file that an argument names, if there is one. */
    static Optional<Path> existing(String argument) {
        try {
            return argument.isEmpty() ? Optional.empty() : Optional.of(Path.of(argument)).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The next document; blank lines are passed over. Empty at the end. */
    Optional<Item> next() throws IOException {
        if (whole) {
            if (read) {
                return Optional.empty();
            }
            read = true;
            return Optional.of(new Item(name, name, file.content().readNBytes(maxBytes + 1)));
        }
        ByteLines source = lines();
        Optional<byte[]> line = source.next();
        while (line.isPresent() && DocumentLine.isBlank(line.get())) {
            line = source.next();
        }
        return line.map(value -> new Item(
                name + ", line " + source.number(), name + ":" + source.number(), value));
    }

    /** Opened at the first document: to do so waits for the input's first bytes. */
    private ByteLines lines() throws IOException {
        if (lines.isEmpty()) {
            lines = Optional.of(new ByteLines(file.content(), maxBytes));
        }
        return lines.get();
    }

    /** The share of it that has been read, 0 to 1; negative when its length is not known. */
    double fraction() {
        return file.fraction();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
