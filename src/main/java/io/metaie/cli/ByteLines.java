package io.metaie.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The lines of a stream as bytes, so that what is not valid UTF-8 is passed on as it stands. Lines end at LF or CRLF; a
 * byte order mark at the very beginning is not part of the first.
 */
final class ByteLines implements Closeable {

    private static final int BUFFER = 1 << 16;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final InputStream in;
    private final int most;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;
    private long bytes;

    ByteLines(InputStream in) throws IOException {
        this(in, Integer.MAX_VALUE - 1);
    }

    /** @param most of a longer line only the first {@code most + 1} bytes are kept */
    ByteLines(InputStream in, int most) throws IOException {
        this.most = most;
        this.in = new BufferedInputStream(in, BUFFER);
        this.in.mark(BYTE_ORDER_MARK.length);
        if (!java.util.Arrays.equals(BYTE_ORDER_MARK, this.in.readNBytes(BYTE_ORDER_MARK.length))) {
            this.in.reset();
        }
    }

    /** The next line without its end; empty at the end of the stream. */
    Optional<byte[]> next() throws IOException {
        line.reset();
        int b = in.read();
        if (b < 0) {
            return Optional.empty();
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() <= most) {
                line.write(b);
            }
            bytes++;
        }
        number++;
        bytes++;
        byte[] whole = line.toByteArray();
        boolean crlf = whole.length > 0 && whole[whole.length - 1] == '\r';
        return Optional.of(crlf ? java.util.Arrays.copyOf(whole, whole.length - 1) : whole);
    }

    /** The number of the line last read, from 1. */
    long number() {
        return number;
    }

    /** Bytes read so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
