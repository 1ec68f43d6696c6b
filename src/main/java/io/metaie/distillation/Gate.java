package io.metaie.distillation;

import io.metaie.distillation.TeacherException.Charge;
import io.metaie.distillation.TeacherException.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Whether the teacher may be asked now, for all who ask it here: closed for as long as it asks to be left alone
 * (Retry-After, RFC 9110 section 10.2.3), and for a moment after a fault that only an operator can mend. Thread-safe.
 */
public final class Gate {

    private static final Duration AFTER_OPERATORS_FAULT = Duration.ofSeconds(5);

    private final Clock clock;
    private Instant opens = Instant.EPOCH;
    private Optional<TeacherException> operatorsFault = Optional.empty();

    public Gate(Clock clock) {
        this.clock = clock;
    }

    /** The teacher behind the gate: who comes when it is closed is sent back, and how each call fails is noted. */
    public Teacher door(Teacher teacher) {
        return question -> closedFor().isZero()
                ? teacher.ask(question).whenComplete((answer, failure) -> {
                    if (failure != null) {
                        note(failure);
                    }
                })
                : CompletableFuture.failedFuture(new ClosedException());
    }

    /** How long it stays closed; zero when it is open. */
    synchronized Duration closedFor() {
        Instant now = clock.instant();
        if (opens.isAfter(now)) {
            return Duration.between(now, opens);
        }
        operatorsFault = Optional.empty();
        return Duration.ZERO;
    }

    /** What only an operator can mend, if it is closed for that. */
    synchronized Optional<TeacherException> operatorsFault() {
        return operatorsFault;
    }

    /** What those are told who would wait for too long. */
    synchronized TeacherException pause() {
        return new TeacherException(Fault.PAUSED,
                "the teacher asks not to be asked before " + opens.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Hears how a call failed, before anybody else is let through. */
    private synchronized void note(Throwable failure) {
        if (BookedTeacher.cause(failure) instanceof TeacherException fault) {
            Optional<Duration> pause = fault.fault() == Fault.OPERATOR
                    ? Optional.of(AFTER_OPERATORS_FAULT) : fault.retryAfter();
            if (pause.isPresent()) {
                Instant until = clock.instant().plus(pause.get());
                opens = until.isAfter(opens) ? until : opens;
                operatorsFault = fault.fault() == Fault.OPERATOR ? Optional.of(fault) : operatorsFault;
            }
        }
    }

    /** The gate was closed while a question waited for its turn: it waits at the gate instead. */
    static final class ClosedException extends TeacherException {

        private static final long serialVersionUID = 1L;

        ClosedException() {
            super(Fault.PAUSED, "the teacher is left alone for a while", Optional.empty(), new Charge.Nothing());
        }
    }
}
