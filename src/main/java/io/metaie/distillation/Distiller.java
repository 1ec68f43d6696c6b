package io.metaie.distillation;

import io.metaie.extraction.Admission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Sentence in, example out: looks for the answer in the books, else asks the teacher, so many at a time, and reads it.
 * Who asks about a sentence that is being asked about waits for the same answer; questions nobody waits for any more are
 * not asked.
 */
public final class Distiller {

    private final Template template;
    private final String model;
    private final Teacher teacher;
    private final Books books;
    private final int maxTokens;
    private final Admission turns;
    private final Executor executor;
    private final Map<String, Call> calls = new HashMap<>();

    /**
     * @param model what the teacher is called
     * @param maxTokens the longest answer the teacher is allowed
     * @param concurrency how many questions at a time
     * @param executor where answers are read
     */
    public Distiller(
            Template template, String model, Teacher teacher, Books books, int maxTokens, int concurrency, Executor executor) {
        this.template = template;
        this.model = model;
        this.teacher = teacher;
        this.books = books;
        this.maxTokens = maxTokens;
        this.turns = new Admission(concurrency);
        this.executor = executor;
    }

    public String model() {
        return model;
    }

    /**
     * Makes an example. Never blocks. Cancelling the future drops the work that nobody waits for any more.
     *
     * @return completes with a {@link TeacherException} when there is no answer
     */
    public CompletableFuture<Distilled> distill(String sentence) {
        Question question = Question.of(template, model, sentence);
        Call call = join(question);
        CompletableFuture<Distilled> result = call.answer.thenApplyAsync(
                answer -> AnswerReader.read(sentence, answer), executor);
        result.whenComplete((distilled, failure) -> {
            if (failure instanceof CancellationException) {
                leave(call);
            }
        });
        return result;
    }

    /** Complete when every question that is asked now is answered, and its answer in the books. */
    public CompletableFuture<Void> settled() {
        List<CompletableFuture<TeacherAnswer>> open;
        synchronized (calls) {
            open = calls.values().stream().map(call -> call.answer).toList();
        }
        return CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)).handle((done, failure) -> null);
    }

    private Call join(Question question) {
        Call call;
        synchronized (calls) {
            Optional<Call> known = Optional.ofNullable(calls.get(question.key()));
            if (known.isPresent()) {
                known.get().askers++;
                return known.get();
            }
            call = new Call(question);
            calls.put(question.key(), call);
        }
        call.begin();
        return call;
    }

    private void leave(Call call) {
        synchronized (calls) {
            call.askers--;
            if (call.askers > 0) {
                return;
            }
            // Once it is asked it goes on: the answer is paid for, and kept for whoever asks next.
            if (!call.turn.cancel(false)) {
                return;
            }
            calls.remove(call.question.key(), call);
        }
    }

    /** One question under way. */
    private final class Call {

        private final Question question;
        private final CompletableFuture<TeacherAnswer> answer = new CompletableFuture<>();
        /** Is complete once the question is asked or found answered, cancelled if it shall not be asked. */
        private final CompletableFuture<Void> turn = new CompletableFuture<>();
        private int askers = 1;

        Call(Question question) {
            this.question = question;
        }

        void begin() {
            answer.whenComplete((given, failure) -> {
                synchronized (calls) {
                    calls.remove(question.key(), this);
                }
            });
            books.find(question.key()).whenCompleteAsync((kept, failure) -> {
                if (failure != null) {
                    answer.completeExceptionally(BookedTeacher.cause(failure));
                } else if (kept.isPresent() && !AnswerReader.saidTooLittle(question.sentence(), kept.get(), maxTokens)) {
                    turn.complete(null);
                    answer.complete(kept.get());
                } else {
                    ask();
                }
            }, executor);
        }

        private void ask() {
            CompletableFuture<Admission.Permit> entrance = turns.enter(1, false);
            turn.whenComplete((asked, cancelled) -> entrance.cancel(false));
            entrance.thenAcceptAsync(permit -> {
                answer.whenComplete((given, failure) -> permit.close());
                if (!turn.complete(null)) {
                    answer.cancel(false);
                    return;
                }
                teacher.ask(question).whenComplete((given, failure) -> {
                    if (failure == null) {
                        answer.complete(given);
                    } else {
                        answer.completeExceptionally(BookedTeacher.cause(failure));
                    }
                });
            }, executor);
        }
    }
}
