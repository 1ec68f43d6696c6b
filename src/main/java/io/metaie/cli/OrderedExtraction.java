package io.metaie.cli;

import io.metaie.cli.ExtractionInput.Item;
import io.metaie.extraction.DocumentReader;
import io.metaie.extraction.Extraction;
import io.metaie.extraction.ExtractionRequest;
import io.metaie.extraction.Extractor;
import io.metaie.record.InboundRecord;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Source;
import io.metaie.tagging.TaggerUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Extracts the documents of an input, many at a time, and hands the answers on in the input's order. One thread reads
 * ahead, the caller's takes the answers; so many documents and bytes are in work at most, however long the input is.
 */
final class OrderedExtraction {

    private static final int DOCUMENTS = 256;
    private static final int BYTES = 4 << 20;
    private static final Source SOURCE = new Source("input", false);

    private final DocumentReader reader;
    private final Extractor extractor;
    private final ExtractionInput input;
    private final int maxBytes;
    private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(DOCUMENTS);
    private final Semaphore bytes = new Semaphore(BYTES);

    OrderedExtraction(DocumentReader reader, Extractor extractor, ExtractionInput input, int maxBytes) {
        this.reader = reader;
        this.extractor = extractor;
        this.input = input;
        this.maxBytes = maxBytes;
    }

    /** Takes the answers, in order. */
    interface Answers {

        /** A document was answered. */
        void extracted(ExtractionRequest request, Extraction extraction) throws IOException;

        /** A document could not be answered; the others go on. */
        void rejected(String place, Reason reason, String cause) throws IOException;

        /** The next answer may take a while: what was written may be shown. Whether anybody still reads it. */
        boolean idle();
    }

    /** What the reading thread hands on. */
    private sealed interface Step {}

    /** A document in work. */
    private record InWork(Item item, int bytes, CompletableFuture<Answer> answer) implements Step {}

    /** The input is at its end, or cannot be read any further. */
    private record End(Optional<Throwable> failure) implements Step {}

    private record Answer(ExtractionRequest request, Extraction extraction) {}

    /**
     * Extracts everything, or until nobody reads the answers any more.
     *
     * @throws IOException when the input cannot be read to its end, or an answer cannot be written
     * @throws CommandException when the model failed
     */
    void run(Answers answers) throws IOException {
        Thread ahead = new Thread(this::readAhead, "input");
        ahead.setDaemon(true); // it may be waiting for input that never comes
        ahead.start();
        try {
            for (long taken = 0; !pauses(taken) || answers.idle(); taken++) {
                Step step = steps.take();
                if (step instanceof End end) {
                    finish(end);
                    return;
                }
                InWork document = (InWork) step;
                hand(document, answers);
                bytes.release(document.bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        } finally {
            ahead.interrupt();
        }
    }

    private boolean pauses(long taken) {
        return taken % DOCUMENTS == 0 || !(steps.peek() instanceof InWork next) || !next.answer.isDone();
    }

    private void readAhead() {
        try {
            Optional<Throwable> failure = Optional.empty();
            try {
                for (Optional<Item> item = input.next(); item.isPresent(); item = input.next()) {
                    int size = Math.min(BYTES, item.get().value().length);
                    bytes.acquire(size);
                    steps.put(new InWork(item.get(), size, answer(item.get())));
                }
            } catch (IOException | RuntimeException | Error e) {
                failure = Optional.of(e);
            }
            steps.put(new End(failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody waits for the rest
        }
    }

    private CompletableFuture<Answer> answer(Item item) {
        try {
            if (item.value().length > maxBytes) {
                throw new RejectedDocumentException(Reason.TOO_LARGE, "the document has more than the " + maxBytes
                        + " bytes that metaie.document.max-bytes allows");
            }
            ExtractionRequest request = reader.read(new InboundRecord("", 0, 0, 0,
                    Optional.of(item.id().getBytes(StandardCharsets.UTF_8)), Optional.of(item.value()), Optional.empty()));
            return extractor.extract(request, SOURCE).thenApply(extraction -> new Answer(request, extraction));
        } catch (RejectedDocumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void hand(InWork document, Answers answers) throws IOException, InterruptedException {
        String place = document.item.place();
        Answer answer;
        try {
            answer = document.answer.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof TaggerUnavailableException || cause instanceof Error) {
                throw new CommandException(place + ": " + cause.getMessage(), cause);
            }
            Reason reason = cause instanceof RejectedDocumentException rejection ? rejection.reason() : Reason.FAILED;
            answers.rejected(place, reason, String.valueOf(cause.getMessage()));
            return;
        }
        answers.extracted(answer.request, answer.extraction);
    }

    private static void finish(End end) throws IOException {
        if (end.failure.isPresent()) {
            Throwable failure = end.failure.get();
            if (failure instanceof IOException cause) {
                throw cause;
            }
            throw new CommandException("the input cannot be read: " + failure, failure);
        }
    }
}
