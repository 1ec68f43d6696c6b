package io.metaie.distillation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;

/** Reads a file of lines that is appended to, and cuts off half a line at its end: what a crash left of the last write. */
public final class WholeLines {

    private static final int BUFFER = 1 << 16;

    private WholeLines() {}

    /** Takes a line. */
    @FunctionalInterface
    public interface Reading {

        /**
         * Takes one.
         *
         * @param start where it begins, bytes
         * @param line without its end
         */
        void line(long start, byte[] line) throws IOException;
    }

    /** Reads every line and leaves the file at its end. */
    public static void forEach(RandomAccessFile file, Reading reading) throws IOException {
        byte[] buffer = new byte[BUFFER];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long start = 0;
        long position = 0;
        file.seek(0);
        for (int read = file.read(buffer); read > 0; read = file.read(buffer)) {
            int from = 0;
            for (int i = 0; i < read; i++) {
                if (buffer[i] == '\n') {
                    line.write(buffer, from, i - from);
                    reading.line(start, line.toByteArray());
                    line.reset();
                    from = i + 1;
                    start = position + from;
                }
            }
            line.write(buffer, from, read - from);
            position += read;
        }
        file.setLength(start);
        file.seek(start);
    }
}
