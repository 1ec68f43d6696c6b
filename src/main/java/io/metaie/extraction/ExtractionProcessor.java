package io.metaie.extraction;

import io.metaie.extraction.ExtractionObserver.Stage;
import io.metaie.record.InboundRecord;
import io.metaie.record.InfrastructureException;
import io.metaie.record.Outcome;
import io.metaie.record.Reason;
import io.metaie.record.RecordProcessor;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Source;
import io.metaie.tagging.TaggerUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Record in, outcome out: reads the document, extracts, writes the answer. */
public final class ExtractionProcessor implements RecordProcessor {

    private final DocumentReader reader;
    private final Extractor extractor;
    private final Source source;
    private final ExtractionObserver observer;

    /** @param source as whom the queries stand in line: one a lane */
    public ExtractionProcessor(
            DocumentReader reader, Extractor extractor, Source source, ExtractionObserver observer) {
        this.reader = reader;
        this.extractor = extractor;
        this.source = source;
        this.observer = observer;
    }

    @Override
    public CompletableFuture<Outcome> process(InboundRecord record) {
        try {
            return extract(read(record));
        } catch (RejectedDocumentException e) {
            return e.reason() == Reason.UNKNOWN_TASK ? processLater(record) : rejected(e);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The task may have been defined a moment ago, by another instance. */
    private CompletableFuture<Outcome> processLater(InboundRecord record) {
        return reader.present()
                .exceptionally(failure -> {
                    throw new InfrastructureException("the tasks cannot be read: " + failure.getMessage(), failure);
                })
                .thenComposeAsync(present -> {
                    try {
                        return extract(read(record));
                    } catch (RejectedDocumentException e) {
                        return rejected(e);
                    }
                }, extractor.executor());
    }

    private static CompletableFuture<Outcome> rejected(RejectedDocumentException e) {
        return CompletableFuture.completedFuture(new Outcome.Rejected(e.reason(), e.getMessage()));
    }

    private ExtractionRequest read(InboundRecord record) {
        long start = System.nanoTime();
        try {
            return reader.read(record);
        } finally {
            observer.stage(Stage.PARSE, System.nanoTime() - start);
        }
    }

    private CompletableFuture<Outcome> extract(ExtractionRequest request) {
        CompletableFuture<Extraction> extraction = extractor.extract(request, source);
        CompletableFuture<Outcome> outcome = extraction.handle(ExtractionProcessor::outcome);
        outcome.whenComplete((done, failure) -> {
            if (failure instanceof CancellationException) {
                extraction.cancel(false);
            }
        });
        return outcome;
    }

    private static Outcome outcome(Extraction extraction, Throwable failure) {
        if (failure == null) {
            byte[] json = ExtractionWriter.toJson(extraction).getBytes(StandardCharsets.UTF_8);
            return new Outcome.Answered(extraction.documentId(), json, extraction.spans().size());
        }
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause() : failure;
        if (cause instanceof RejectedDocumentException rejection) {
            return new Outcome.Rejected(rejection.reason(), rejection.getMessage());
        }
        // A lack of memory is the machine's fault as much as a lost device.
        if (cause instanceof TaggerUnavailableException || cause instanceof OutOfMemoryError) {
            throw new InfrastructureException(String.valueOf(cause.getMessage()), cause);
        }
        throw new CompletionException(cause);
    }
}
