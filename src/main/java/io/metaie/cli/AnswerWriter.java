package io.metaie.cli;

import io.metaie.extraction.Extraction;
import io.metaie.extraction.ExtractionRequest;
import io.metaie.record.Reason;
import java.io.IOException;
import java.util.function.DoubleSupplier;

/** Writes answers to a sink, names what could not be answered on standard error, and counts both. */
final class AnswerWriter implements OrderedExtraction.Answers {

    private final Terminal terminal;
    private final AnswerSink sink;
    private final Terminal.Progress progress;
    private final DoubleSupplier fraction;
    private long documents;
    private long rejected;

    /** @param fraction the share of the input that has been read; negative when its length is not known */
    AnswerWriter(Terminal terminal, AnswerSink sink, Terminal.Progress progress, DoubleSupplier fraction) {
        this.terminal = terminal;
        this.sink = sink;
        this.progress = progress;
        this.fraction = fraction;
    }

    @Override
    public void extracted(ExtractionRequest request, Extraction extraction) throws IOException {
        sink.write(request.document().text(), extraction);
        count();
    }

    @Override
    public void rejected(String place, Reason reason, String cause) {
        progress.close();
        terminal.message("metaie: " + Terminal.printable(place + ": " + reason.wireName() + ": " + cause));
        rejected++;
        count();
    }

    private void count() {
        documents++;
        if (terminal.width().isEmpty()) { // else the answers themselves are the progress
            progress.update(documents, fraction.getAsDouble());
        }
    }

    @Override
    public boolean idle() {
        return !terminal.out().checkError(); // which flushes, too
    }

    /** Ends the answers and says what was missing. */
    int finish() throws IOException {
        sink.finish();
        progress.close();
        if (rejected > 0 && documents > 1) {
            terminal.message("metaie: " + rejected + " of " + documents + " documents could not be answered");
        }
        return rejected > 0 ? 1 : 0;
    }
}
