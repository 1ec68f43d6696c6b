package io.metaie.distillation.http;

import io.metaie.distillation.Question;
import io.metaie.distillation.Teacher;
import io.metaie.distillation.TeacherAnswer;
import io.metaie.distillation.TeacherException;
import io.metaie.distillation.TeacherException.Fault;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;

/**
 * Asks again what is worth another try, later and later, each time a random part of a pause more; and stops asking for a
 * while when most of the last calls found nobody.
 */
public final class PatientTeacher implements Teacher {

    private static final Logger LOG = Logger.getLogger(PatientTeacher.class);

    private static final int CALLS_JUDGED = 20;
    private static final double SHARE_FAILED = 0.5;
    private static final int FACTOR = 2;
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Teacher teacher;
    private final TypedGuard<CompletionStage<TeacherAnswer>> guard;

    /**
     * How patient.
     *
     * @param retries how often a question is asked again
     * @param firstPause before it is asked again the first time; twice as long each time after
     * @param openFor how long nobody asks once the circuit is broken
     */
    public record Patience(int retries, Duration firstPause, Duration openFor) {

        /** As long as services are usually away. */
        public static Patience ofRetries(int retries) {
            return new Patience(retries, Duration.ofMillis(500), Duration.ofSeconds(5));
        }
    }

    public PatientTeacher(Teacher teacher, Patience patience) {
        this.teacher = teacher;
        this.guard = TypedGuard.create(new TypeLiteral<CompletionStage<TeacherAnswer>>() {})
                .withCircuitBreaker()
                .requestVolumeThreshold(CALLS_JUDGED)
                .failureRatio(SHARE_FAILED)
                .delay(patience.openFor().toMillis(), ChronoUnit.MILLIS)
                .when(failure -> is(failure, Fault.UNAVAILABLE))
                .onStateChange(state -> changed(state, patience.openFor()))
                .done()
                .withRetry()
                .maxRetries(patience.retries())
                .delay(patience.firstPause().toMillis(), ChronoUnit.MILLIS)
                .jitter(patience.firstPause().toMillis() / 2, ChronoUnit.MILLIS)
                .maxDuration(LONGEST.toMillis(), ChronoUnit.MILLIS)
                .whenException(failure -> failure instanceof TeacherException e && e.fault().isWorthAnotherTry())
                .beforeRetry(failure -> LOG.debugf("The teacher did not answer (%s); it is asked again", failure.getMessage()))
                .withExponentialBackoff()
                .factor(FACTOR)
                .maxDelay(LONGEST_PAUSE.toMillis(), ChronoUnit.MILLIS)
                .done()
                .done()
                .build();
    }

    @Override
    public CompletableFuture<TeacherAnswer> ask(Question question) {
        return guard.get(() -> teacher.ask(question))
                .toCompletableFuture()
                .handle((answer, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    Throwable cause = failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
                            ? failure.getCause() : failure;
                    return CompletableFuture.<TeacherAnswer>failedFuture(cause instanceof CircuitBreakerOpenException
                            ? new TeacherException(Fault.UNAVAILABLE, "most of the last calls found nobody; it is left alone for a while")
                            : cause);
                })
                .thenCompose(result -> result);
    }

    private static boolean is(Throwable failure, Fault fault) {
        return failure instanceof TeacherException e && e.fault() == fault;
    }

    private static void changed(CircuitBreakerState state, Duration openFor) {
        switch (state) {
            case OPEN -> LOG.warnf("Most of the last calls to the teacher failed; it is left alone for %d s", openFor.toSeconds());
            case CLOSED -> LOG.info("The teacher answers again");
            default -> LOG.debug("The teacher is tried once");
        }
    }
}
