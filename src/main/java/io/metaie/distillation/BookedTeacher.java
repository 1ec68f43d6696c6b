package io.metaie.distillation;

import io.metaie.distillation.Books.Hold;
import io.metaie.distillation.TeacherAnswer.Usage;
import io.metaie.distillation.TeacherException.Charge;
import io.metaie.distillation.TeacherException.Fault;
import io.metaie.extraction.Admission;
import io.metaie.extraction.Admission.Permit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Sets the money for a call aside, makes the call when it is its turn, and books what it was. An answer that is being kept
 * takes no other question's turn. While calls of this teacher are under way that
 * may turn out cheaper than what is set aside for them, one for which no money is left waits for them. With a budget the
 * first call goes alone, and every later one is taken to cost at least what the dearest did: an endpoint that charges more than
 * tokens and prices say cannot exceed the budget by more than the calls that are under way when it first does.
 */
public final class BookedTeacher implements Teacher {

    private final Teacher teacher;
    private final Books books;
    private final Prices prices;
    private final int maxTokens;
    private final TeacherObserver observer;
    private final Admission turns;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean firstBegun;
    private boolean firstEnded;
    private int underWay;
    private double dearest;
    private boolean stopped;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /**
     * @param limited whether there is a budget to keep
     * @param maxTokens the longest answer the teacher is allowed
     * @param atOnce the most calls that are under way at once
     */
    public BookedTeacher(Teacher teacher, Books books, boolean limited, Prices prices, int maxTokens, int atOnce,
            TeacherObserver observer) {
        this.turns = new Admission(atOnce);
        this.teacher = teacher;
        this.books = books;
        this.prices = prices;
        this.maxTokens = maxTokens;
        this.observer = observer;
        this.firstBegun = !limited;
        this.firstEnded = !limited;
    }

    @Override
    public CompletableFuture<TeacherAnswer> ask(Question question) {
        CompletableFuture<TeacherAnswer> answer = new CompletableFuture<>();
        boolean first;
        synchronized (this) {
            first = !firstBegun;
            firstBegun = true;
            if (!first && !firstEnded) {
                waiting.add(() -> attempt(question, answer));
                return answer;
            }
        }
        if (first) {
            answer.whenComplete((given, failure) -> {
                synchronized (this) {
                    firstEnded = true;
                }
                wake();
            });
        }
        attempt(question, answer);
        return answer;
    }

    /**
     * Asks nothing from now on.
     *
     * @return complete when no call is under way any more, and each answer is kept
     */
    public CompletableFuture<Void> stop() {
        synchronized (this) {
            stopped = true;
            if (underWay == 0) {
                ended.complete(null);
            }
        }
        wake();
        return ended;
    }

    private static TeacherException stopping() {
        return new TeacherException(Fault.PAUSED, "no more questions are asked before the stop");
    }

    private void attempt(Question question, CompletableFuture<TeacherAnswer> answer) {
        double most;
        synchronized (this) {
            if (stopped) {
                answer.completeExceptionally(stopping());
                return;
            }
            most = Math.max(prices.worst(question, maxTokens), dearest);
        }
        asked(() -> books.hold(most)).whenComplete((hold, failure) -> {
            if (failure == null) {
                turns.enter(1, false).thenAccept(turn -> call(question, answer, hold, most, turn));
            } else if (!(cause(failure) instanceof TeacherException denied) || denied.fault() != Fault.BUDGET
                    || !waits(() -> attempt(question, answer))) {
                answer.completeExceptionally(cause(failure));
            }
        });
    }

    private void call(Question question, CompletableFuture<TeacherAnswer> answer, Hold hold, double most, Permit turn) {
        boolean late;
        synchronized (this) {
            late = stopped;
            underWay += late ? 0 : 1;
        }
        if (late) {
            turn.close();
            hold.release();
            answer.completeExceptionally(stopping());
            return;
        }
        asked(() -> teacher.ask(question)).whenComplete((given, fault) -> {
            turn.close();
            ended(question, answer, hold, most, given, fault);
        });
    }

    /** What is thrown at once fails as what comes later does: nothing set aside, and nobody's turn, may be lost. */
    private static <T> CompletableFuture<T> asked(Supplier<CompletableFuture<T>> of) {
        try {
            return of.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized boolean waits(Runnable again) {
        return underWay > 0 && waiting.add(again);
    }

    private void ended(Question question, CompletableFuture<TeacherAnswer> answer, Hold hold, double most,
            TeacherAnswer given, Throwable failure) {
        if (failure == null) {
            observer.answered(AnswerReader.isRefusal(question.sentence(), given));
            double cost = pay(given.usage(), most);
            hold.answered(question, given, cost).whenComplete((kept, fault) -> {
                if (fault == null) {
                    answer.complete(given);
                } else {
                    answer.completeExceptionally(cause(fault));
                }
                settled();
            });
            return;
        }
        Throwable cause = cause(failure);
        Charge charge = cause instanceof TeacherException known ? known.charge() : new Charge.Unknown();
        if (cause instanceof TeacherException known && !(cause instanceof Gate.ClosedException)) {
            observer.failed(known.fault());
        }
        if (charge instanceof Charge.Nothing) {
            hold.release();
        } else {
            hold.lost(pay(charge instanceof Charge.Known known ? known.usage() : Usage.UNKNOWN, most));
        }
        answer.completeExceptionally(cause);
        settled();
    }

    private double pay(Usage usage, double most) {
        double cost = prices.of(usage, most);
        observer.paid(usage.promptTokens().orElse(0), usage.completionTokens().orElse(0), cost);
        synchronized (this) {
            dearest = Math.max(dearest, cost);
        }
        return cost;
    }

    private void settled() {
        synchronized (this) {
            underWay--;
            if (stopped && underWay == 0) {
                ended.complete(null);
            }
        }
        wake();
    }

    /** Lets those who wait try, in their order. */
    private void wake() {
        List<Runnable> again;
        synchronized (this) {
            again = List.copyOf(waiting);
            waiting.clear();
        }
        again.forEach(Runnable::run);
    }

    /** What a future failed with, itself. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
