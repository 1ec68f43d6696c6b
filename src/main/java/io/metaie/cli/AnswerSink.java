package io.metaie.cli;

import io.metaie.extraction.Extraction;
import java.io.Closeable;
import java.io.IOException;

/** A form that answers are written in, one after the other. */
interface AnswerSink extends Closeable {

    /** Writes an answer about a text. */
    void write(String text, Extraction extraction) throws IOException;

    /** Every answer was written. */
    default void finish() throws IOException {}

    @Override
    default void close() throws IOException {}
}
