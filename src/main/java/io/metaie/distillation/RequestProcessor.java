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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** Request in, an example or a dead letter out for each of its sentences. */
public final class RequestProcessor implements RecordProcessor {

    private final Distiller distiller;
    private final int maxBytes;
    private final int maxSentences;

    /**
     * @param maxBytes larger requests are rejected
     * @param maxSentences so are those of more sentences
     */
    public RequestProcessor(Distiller distiller, int maxBytes, int maxSentences) {
        this.distiller = distiller;
        this.maxBytes = maxBytes;
        this.maxSentences = maxSentences;
    }

    @Override
    public CompletableFuture<Outcome> process(InboundRecord record) {
        try {
            return process(TextReader.read(record, maxBytes), record.parts());
        } catch (RejectedDocumentException e) {
            return CompletableFuture.completedFuture(new Outcome.Rejected(e.reason(), e.getMessage()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Outcome> process(Document request, Set<Integer> asked) {
        List<Sentence> sentences = Sentences.split(request.text());
        if (sentences.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new Outcome.Rejected(Reason.MISSING_TEXT, "the text holds no word"));
        }
        if (sentences.size() > maxSentences) {
            return CompletableFuture.completedFuture(new Outcome.Rejected(Reason.TOO_LARGE, "the request has " + sentences.size()
                    + " sentences, at most " + maxSentences + " are allowed (metaie.distillation.max-sentences)"));
        }
        List<CompletableFuture<Distilled>> work = new ArrayList<>(sentences.size());
        List<CompletableFuture<Outcome.Part>> parts = new ArrayList<>(sentences.size());
        // Numbers that do not fit the text ask for nothing in particular.
        boolean all = asked.stream().noneMatch(number -> number >= 1 && number <= sentences.size());
        for (int i = 0; i < sentences.size(); i++) {
            int number = i + 1;
            if (!all && !asked.contains(number)) {
                continue;
            }
            Sentence sentence = sentences.get(i);
            CompletableFuture<Distilled> distilled =
                    distiller.distill(request.text().substring(sentence.start(), sentence.end()));
            work.add(distilled);
            parts.add(distilled.handle((result, failure) ->
                    new Outcome.Part(number, part(request, number, result, failure))));
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
        if (distilled instanceof Refused refused) {
            return new Outcome.Rejected(Reason.TEACHER_REFUSED, "sentence " + number + ": " + refused.cause(),
                    dropped(refused.dropped()));
        }
        Learned learned = (Learned) distilled;
        return new Outcome.Answered(Template.hash(learned.example().text()),
                ExampleRecord.json(learned, distiller.model(), Optional.of(request.id())).getBytes(UTF_8),
                learned.example().spans().size(), pairs(learned));
    }

    /** What became of the answer's pairs of label and span. */
    private static Map<String, Integer> pairs(Learned learned) {
        Map<String, Integer> pairs = new HashMap<>(Map.of(Learned.EXACT, learned.exact(), Learned.NORMALISED, learned.normalised()));
        pairs.putAll(dropped(learned.dropped()));
        return pairs;
    }

    private static Map<String, Integer> dropped(Map<Drop, Integer> counts) {
        return counts.entrySet().stream().collect(Collectors.toMap(entry -> entry.getKey().wireName(), Map.Entry::getValue));
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
