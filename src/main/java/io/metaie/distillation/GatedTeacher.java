package io.metaie.distillation;

import io.metaie.distillation.TeacherException.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Leaves the teacher alone for as long as it asks (Retry-After, RFC 9110 section 10.2.3), whoever of all callers was told
 * so, and for a moment after a fault that only an operator can mend. A call waits for its turn, unless that is far away:
 * then it fails at once and says when.
 */
public final class GatedTeacher implements Teacher {

    /** Who would wait longer is told so instead. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration AFTER_OPERATORS_FAULT = Duration.ofSeconds(5);
    /** Those who waited do not all come at once. */
    private static final long JITTER_MILLIS = 250;

    private final Teacher teacher;
    private final Clock clock;
    private Instant opens = Instant.EPOCH;
    private Optional<TeacherException> operatorsFault = Optional.empty();

    public GatedTeacher(Teacher teacher, Clock clock) {
        this.teacher = teacher;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<TeacherAnswer> ask(Question question) {
        Duration wait;
        synchronized (this) {
            Instant now = clock.instant();
            wait = opens.isAfter(now) ? Duration.between(now, opens) : Duration.ZERO;
            if (!wait.isZero() && operatorsFault.isPresent()) {
                return CompletableFuture.failedFuture(operatorsFault.get());
            }
            if (wait.compareTo(LONGEST_WAIT) > 0) {
                return CompletableFuture.failedFuture(new TeacherException(Fault.PAUSED,
                        "the teacher asks not to be asked before " + opens.truncatedTo(ChronoUnit.SECONDS)));
            }
            if (wait.isZero()) {
                operatorsFault = Optional.empty();
            }
        }
        if (wait.isZero()) {
            return teacher.ask(question).whenComplete((answer, failure) -> note(failure));
        }
        long millis = wait.toMillis() + 1 + ThreadLocalRandom.current().nextLong(JITTER_MILLIS);
        Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
        return CompletableFuture.supplyAsync(() -> question, later).thenCompose(this::ask);
    }

    private synchronized void note(Throwable failure) {
        if (failure != null && BookedTeacher.cause(failure) instanceof TeacherException fault) {
            Optional<Duration> pause = fault.fault() == Fault.OPERATOR
                    ? Optional.of(AFTER_OPERATORS_FAULT) : fault.retryAfter();
            if (pause.isPresent()) {
                Instant until = clock.instant().plus(pause.get());
                opens = until.isAfter(opens) ? until : opens;
                operatorsFault = fault.fault() == Fault.OPERATOR ? Optional.of(fault) : operatorsFault;
            }
        }
    }
}
