package io.metaie.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** An open file of text. */
public final class TextFile implements Closeable {

    private final InputStream content;
    private final Optional<CountingInputStream> stored;
    private final long size;

    /** A stream whose length nobody knows. */
    TextFile(InputStream content) {
        this.content = content;
        this.stored = Optional.empty();
        this.size = 0;
    }

    /**
     * @param content what the file says, unpacked
     * @param stored the file as it lies on the disk
     * @param size how many bytes that is
     */
    TextFile(InputStream content, CountingInputStream stored, long size) {
        this.content = content;
        this.stored = Optional.of(stored);
        this.size = size;
    }

    /** What it says, unpacked. */
    public InputStream content() {
        return content;
    }

    /** The share of it that has been read, 0 to 1; negative when its length is not known. */
    public double fraction() {
        return stored.filter(counted -> size > 0).map(counted -> (double) counted.count() / size).orElse(-1.0);
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
