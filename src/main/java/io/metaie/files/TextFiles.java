package io.metaie.files;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** Opens files of text, plain or compressed: {@code .zst}, {@code .xz} and {@code .gz} are unpacked as they are read. */
public final class TextFiles {

    /** The name that means standard input. */
    public static final String STANDARD_INPUT = "-";

    private static final int BUFFER = 1 << 16;

    private TextFiles() {}

    /** Text that is at hand already. */
    public static TextFile of(InputStream content) {
        return new TextFile(content);
    }

    /**
     * Opens a file by its name, or standard input by {@code -}.
     *
     * @param standardInput what {@code -} means; it is not closed with the file
     * @throws IOException when there is no such file or it cannot be read; the message names it
     */
    public static TextFile open(String name, InputStream standardInput) throws IOException {
        if (name.equals(STANDARD_INPUT)) {
            return new TextFile(new BufferedInputStream(standardInput, BUFFER) {
                @Override
                public void close() {
                    // Standard input is not ours to close.
                }
            });
        }
        return open(Path.of(name));
    }

    /**
     * Opens a file.
     *
     * @throws IOException when there is no such file or it cannot be read; the message names it
     */
    public static TextFile open(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new FileNotFoundException(Files.isDirectory(file) ? file + " is a directory"
                    : Files.exists(file) ? file + " may not be read" : "there is no file " + file);
        }
        CountingInputStream counted = new CountingInputStream(Files.newInputStream(file));
        try {
            return new TextFile(unpacked(file, new BufferedInputStream(counted, BUFFER)), counted, Files.size(file));
        } catch (IOException e) {
            counted.close();
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static InputStream unpacked(Path file, InputStream stored) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".zst")) {
            return new BufferedInputStream(new ZstdInputStreamNoFinalizer(stored), BUFFER);
        }
        if (name.endsWith(".xz")) {
            return new BufferedInputStream(new XZInputStream(stored), BUFFER);
        }
        if (name.endsWith(".gz")) {
            return new BufferedInputStream(new GZIPInputStream(stored, BUFFER), BUFFER);
        }
        return stored;
    }
}
