package io.metaie.distillation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.distillation.Distilled.Learned;
import io.metaie.distillation.Distilled.Refused;
import io.metaie.extraction.TextReader;
import io.metaie.record.InboundRecord;
import io.metaie.record.InfrastructureException;
import io.metaie.record.Outcome;
import io.metaie.record.Reason;
import io.metaie.record.RecordProcessor;
import io.metaie.record.RejectedDocumentException;
import io.metaie.text.Document;
import io.metaie.text.Sentence;
import io.metaie.text.Sentences;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Request in, an example or a dead letter out for each of its sentences. */
public final class RequestProcessor implements RecordProcessor {

    private final Distiller distiller;
    private final DistillationObserver observer;
    private final int maxBytes;

    /** @param maxBytes larger requests are rejected */
    public RequestProcessor(Distiller distiller, DistillationObserver observer, int maxBytes) {
        this.distiller = distiller;
        this.observer = observer;
        this.maxBytes = maxBytes;
    }

    @Override
    public CompletableFuture<Outcome> process(InboundRecord record) {
        try {
            return process(TextReader.read(record, maxBytes));
        } catch (RejectedDocumentException e) {
            return CompletableFuture.completedFuture(new Outcome.Rejected(e.reason(), e.getMessage()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Outcome> process(Document request) {
        List<Sentence> sentences = Sentences.split(request.text());
        if (sentences.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new Outcome.Rejected(Reason.MISSING_TEXT, "the text holds no word"));
        }
        List<CompletableFuture<Distilled>> work = new ArrayList<>(sentences.size());
        List<CompletableFuture<Outcome.Single>> parts = new ArrayList<>(sentences.size());
        for (int i = 0; i < sentences.size(); i++) {
            int number = i + 1;
            Sentence sentence = sentences.get(i);
            CompletableFuture<Distilled> distilled =
                    distiller.distill(request.text().substring(sentence.start(), sentence.end()));
            work.add(distilled);
            parts.add(distilled.handle((result, failure) -> part(request, number, result, failure)));
        }
        CompletableFuture<Outcome> outcome = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(done -> new Outcome.Parted(parts.stream().map(CompletableFuture::join).toList()));
        outcome.whenComplete((done, failure) -> {
            if (failure instanceof CancellationException) {
                work.forEach(one -> one.cancel(false));
            }
        });
        return outcome;
    }

    private Outcome.Single part(Document request, int number, Distilled distilled, Throwable failure) {
        if (failure != null) {
            return rejected(number, BookedTeacher.cause(failure));
        }
        observer.distilled(distilled);
        if (distilled instanceof Refused refused) {
            return new Outcome.Rejected(Reason.TEACHER_REFUSED, "sentence " + number + ": " + refused.cause());
        }
        Learned learned = (Learned) distilled;
        return new Outcome.Answered(Template.hash(learned.example().text()),
                ExampleRecord.json(learned, distiller.model(), Optional.of(request.id())).getBytes(UTF_8), learned.example().spans().size());
    }

    private static Outcome.Rejected rejected(int number, Throwable cause) {
        if (cause instanceof TeacherException fault) {
            if (!fault.fault().isOfTheSentence()) {
                throw new InfrastructureException("the teacher: " + fault.getMessage(), fault);
            }
            Reason reason = fault.fault() == TeacherException.Fault.REFUSED ? Reason.TEACHER_REFUSED : Reason.FAILED;
            return new Outcome.Rejected(reason, "sentence " + number + ": " + fault.getMessage());
        }
        throw cause instanceof InfrastructureException known ? known : new CompletionException(cause);
    }
}
