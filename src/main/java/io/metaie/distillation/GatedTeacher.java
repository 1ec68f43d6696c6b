package io.metaie.distillation;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Asks nothing while the {@link Gate} is closed: a question waits before it, with no money set aside and nobody's turn
 * taken, unless it opens too late; then it fails at once and says when. One that finds it closed when its turn has come
 * waits here again.
 */
public final class GatedTeacher implements Teacher {

    /** Who would wait longer is told so instead. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    /** Those who waited do not all come at once. */
    private static final long JITTER_MILLIS = 250;

    private final Teacher teacher;
    private final Gate gate;
    private final Executor executor;

    /**
     * @param teacher asks what stands behind the {@linkplain Gate#door door} of the gate
     * @param executor where questions go on that waited
     */
    public GatedTeacher(Teacher teacher, Gate gate, Executor executor) {
        this.teacher = teacher;
        this.gate = gate;
        this.executor = executor;
    }

    @Override
    public CompletableFuture<TeacherAnswer> ask(Question question) {
        Duration wait = gate.closedFor();
        if (wait.isZero()) {
            return teacher.ask(question)
                    .handle((answer, failure) -> failure == null ? CompletableFuture.completedFuture(answer)
                            : BookedTeacher.cause(failure) instanceof Gate.ClosedException ? ask(question)
                            : CompletableFuture.<TeacherAnswer>failedFuture(BookedTeacher.cause(failure)))
                    .thenCompose(result -> result);
        }
        Optional<TeacherException> fault = gate.operatorsFault();
        if (fault.isPresent()) {
            return CompletableFuture.failedFuture(fault.get());
        }
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            return CompletableFuture.failedFuture(gate.pause());
        }
        long millis = wait.toMillis() + 1 + ThreadLocalRandom.current().nextLong(JITTER_MILLIS);
        Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, executor);
        return CompletableFuture.supplyAsync(() -> question, later).thenCompose(this::ask);
    }
}
