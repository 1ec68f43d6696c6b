package io.metaie.cli;

import io.metaie.distillation.Distilled;
import io.metaie.distillation.Distilled.Learned;
import io.metaie.distillation.Distilled.Refused;
import io.metaie.distillation.ExampleRecord;
import io.metaie.distillation.TeacherException;
import io.metaie.distillation.TeacherException.Fault;
import io.metaie.distillation.http.OpenTeacher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sentences of a corpus to a teacher, many at a time, and examples to a file in the corpus' order. Ends at the end of the
 * corpus, when it is told to, and when going on would be in vain; what is paid for by then is in the books.
 */
final class DistillRun {

    /** So many sentences one after the other without an answer, and the teacher is taken to be lost. */
    private static final int FAILURES_OF_A_LOSS = 10;
    private static final long GLANCE_MILLIS = 100;

    private final CorpusSentences corpus;
    private final OpenTeacher teacher;
    private final ExampleOutput output;
    private final DistillTally tally;
    private final Terminal.Progress progress;
    private final long limit;
    private final int window;
    private final Duration patience;
    private final Deque<Asked> asked = new ArrayDeque<>();
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private long taken;
    private int failuresInARow;
    private Optional<String> ending = Optional.empty();
    private Optional<String> lastFailure = Optional.empty();

    private record Asked(String sentence, CompletableFuture<Distilled> answer) {}

    /**
     * @param limit so many sentences of the corpus at most
     * @param concurrency how many the teacher is asked at a time
     * @param patience how long calls under way are waited for at the end
     */
    DistillRun(CorpusSentences corpus, OpenTeacher teacher, ExampleOutput output, DistillTally tally,
            Terminal.Progress progress, long limit, int concurrency, Duration patience) {
        this.corpus = corpus;
        this.teacher = teacher;
        this.output = output;
        this.tally = tally;
        this.progress = progress;
        this.limit = limit;
        this.window = 4 * concurrency;
        this.patience = patience;
    }

    /** Ends it soon: what is asked is still answered, and nothing more is asked. */
    void stop() {
        stop.complete(null);
    }

    /**
     * Runs to the end.
     *
     * @return why it ended before the corpus did, if so
     */
    Optional<String> run() throws IOException, InterruptedException {
        boolean more = true;
        while ((more || !asked.isEmpty()) && ending.isEmpty()) {
            more = more && fill();
            if (!asked.isEmpty()) {
                takeFirst();
            }
            if (stop.isDone()) {
                ending = Optional.of("it was told to stop");
            }
        }
        end();
        return ending;
    }

    /** @return whether there may be more sentences */
    private boolean fill() throws IOException {
        while (asked.size() < window && !stop.isDone()) {
            Optional<String> next = taken < limit ? corpus.next() : Optional.empty();
            if (next.isEmpty()) {
                return false;
            }
            taken++;
            if (!output.holds(next.get())) {
                asked.add(new Asked(next.get(), teacher.distiller().distill(next.get())));
            }
        }
        return true;
    }

    private void takeFirst() throws IOException, InterruptedException {
        Asked first = asked.peek();
        try {
            Distilled distilled = first.answer().get(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
            asked.remove();
            take(first.sentence(), distilled);
        } catch (TimeoutException e) {
            // Time to look whether it shall go on.
        } catch (ExecutionException e) {
            asked.remove();
            failed(e.getCause());
        }
        double share = limit < Long.MAX_VALUE ? (double) (taken - asked.size()) / limit : corpus.fraction();
        progress.update(taken - asked.size(), share, tally.brief());
    }

    private void take(String sentence, Distilled distilled) throws IOException {
        failuresInARow = 0;
        if (distilled instanceof Learned learned) {
            output.append(sentence, ExampleRecord.json(learned, teacher.distiller().model(), Optional.empty()));
            tally.learned(learned);
        } else if (distilled instanceof Refused refused) {
            tally.refused(refused);
        }
    }

    private void failed(Throwable cause) {
        String why = String.valueOf(cause.getMessage());
        boolean ofTheSentence = cause instanceof TeacherException fault && fault.fault().isOfTheSentence();
        if (cause instanceof TeacherException fault && fault.fault() == Fault.REFUSED) {
            tally.refused();
        } else {
            tally.failed();
        }
        failuresInARow++;
        boolean mayPass = cause instanceof TeacherException fault && fault.fault() == Fault.UNAVAILABLE;
        if (!ofTheSentence && !mayPass || failuresInARow >= FAILURES_OF_A_LOSS) {
            ending = Optional.of(why);
        }
        lastFailure = Optional.of(why);
    }

    /** Why the last sentence that was not answered was not. */
    Optional<String> lastFailure() {
        return lastFailure;
    }

    /** Writes what comes next in order and is answered; nothing more is asked, and what is under way goes to the books. */
    private void end() throws IOException, InterruptedException {
        while (!asked.isEmpty() && asked.peek().answer().isDone()) {
            Asked first = asked.remove();
            try {
                take(first.sentence(), first.answer().get());
            } catch (ExecutionException e) {
                break; // asked again by the next run
            }
        }
        asked.forEach(one -> one.answer().cancel(false));
        try {
            // What is made ready, or waits to be asked again, is not asked any more.
            CompletableFuture.allOf(teacher.stop(), teacher.distiller().settled()).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return; // what is not answered by now was paid for in vain
        }
    }
}
