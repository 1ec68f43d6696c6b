package io.metaie.cli;

import io.metaie.extraction.Extraction;
import io.metaie.rendering.HtmlPage;
import java.io.IOException;
import java.io.PrintStream;

/** Writes all answers as one page, at the end. */
final class HtmlSink implements AnswerSink {

    private final HtmlPage page = new HtmlPage();
    private final PrintStream out;

    HtmlSink(PrintStream out) throws IOException {
        this.out = out;
    }

    @Override
    public void write(String text, Extraction extraction) throws IOException {
        page.add(text, extraction);
    }

    @Override
    public void finish() throws IOException {
        page.writeTo(out);
    }

    @Override
    public void close() throws IOException {
        page.close();
    }
}
