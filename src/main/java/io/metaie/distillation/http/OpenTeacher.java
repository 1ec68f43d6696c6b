package io.metaie.distillation.http;

import io.metaie.distillation.BookedTeacher;
import io.metaie.distillation.Books;
import io.metaie.distillation.Distiller;
import io.metaie.distillation.Gate;
import io.metaie.distillation.GatedTeacher;
import io.metaie.distillation.Teacher;
import io.metaie.distillation.TeacherObserver;
import io.metaie.distillation.http.PatientTeacher.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A teacher put together: the endpoint, its books, the pauses it asks for, and patience; and what reads its answers. */
public final class OpenTeacher implements AutoCloseable {

    /**
     * One question of so many is made ready ahead, and asked when a call ends while the answer of that one is being kept. So no
     * more than these and the calls at once are paid for and not yet kept, and would be paid again after a kill.
     */
    private static final int AHEAD = 4;

    private final HttpTeacher http;
    private final BookedTeacher booked;
    private final Optional<Vertx> owned;
    private final Distiller distiller;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "metaie-distill");
        thread.setDaemon(true);
        return thread;
    });

    /** @param vertx is the caller's to close */
    public OpenTeacher(Vertx vertx, TeacherSettings settings, Books books, TeacherObserver observer, Patience patience) {
        this(vertx, Optional.empty(), settings, books, observer, patience);
    }

    private OpenTeacher(Vertx vertx, Optional<Vertx> owned, TeacherSettings settings, Books books, TeacherObserver observer,
            Patience patience) {
        this.owned = owned;
        Endpoint endpoint = settings.endpoint();
        http = new HttpTeacher(vertx, endpoint);
        int atOnce = endpoint.connections();
        Gate gate = new Gate(Clock.systemUTC());
        booked = new BookedTeacher(gate.door(http), books, settings.budget().isPresent(), settings.prices(),
                endpoint.maxTokens(), atOnce, observer);
        Teacher patient = new PatientTeacher(new GatedTeacher(booked, gate, thread), patience);
        distiller = new Distiller(settings.template(), endpoint.model(), patient, books, endpoint.maxTokens(),
                atOnce + Math.max(1, atOnce / AHEAD), thread);
    }

    /** A teacher where no Quarkus runs. */
    public static OpenTeacher standalone(TeacherSettings settings, Books books, TeacherObserver observer) {
        // Files are none of its business: without this it would unpack some at every start.
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setFileSystemOptions(
                new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        return new OpenTeacher(vertx, Optional.of(vertx), settings, books, observer, Patience.ofRetries(settings.retries()));
    }

    /**
     * How long all may be silent without anything being wrong: while money is set aside, the teacher has asked to be left
     * alone, the pause before a question is asked again has come, and the call takes as long as it may.
     *
     * @param timeout of a call
     */
    public static Duration longestSilence(Duration timeout) {
        return Books.LONGEST_DECISION.plus(GatedTeacher.LONGEST_WAIT).plus(PatientTeacher.LONGEST_PAUSE).plus(timeout);
    }

    public Distiller distiller() {
        return distiller;
    }

    /**
     * Asks nothing from now on.
     *
     * @return complete when no call is under way any more, and each answer is kept
     */
    public CompletableFuture<Void> stop() {
        return booked.stop();
    }

    @Override
    public void close() {
        http.close();
        thread.shutdownNow();
        owned.ifPresent(Vertx::close);
    }
}
