package io.metaie.distillation.http;

import io.metaie.distillation.BookedTeacher;
import io.metaie.distillation.Books;
import io.metaie.distillation.Distiller;
import io.metaie.distillation.GatedTeacher;
import io.metaie.distillation.Teacher;
import io.metaie.distillation.TeacherObserver;
import io.metaie.distillation.http.PatientTeacher.Patience;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A teacher put together: the endpoint, its books, the pauses it asks for, and patience; and what reads its answers. */
public final class OpenTeacher implements AutoCloseable {

    private final HttpTeacher http;
    private final Distiller distiller;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "metaie-distill");
        thread.setDaemon(true);
        return thread;
    });

    /** @param vertx is the caller's to close */
    public OpenTeacher(Vertx vertx, TeacherSettings settings, Books books, TeacherObserver observer, Patience patience) {
        Endpoint endpoint = settings.endpoint();
        http = new HttpTeacher(vertx, endpoint);
        Teacher booked = new BookedTeacher(http, books, settings.prices(), endpoint.maxTokens(), observer);
        Teacher patient = new PatientTeacher(new GatedTeacher(booked, Clock.systemUTC()), patience);
        distiller = new Distiller(
                settings.template(), endpoint.model(), patient, books, endpoint.connections(), thread);
    }

    public Distiller distiller() {
        return distiller;
    }

    @Override
    public void close() {
        http.close();
        thread.shutdownNow();
    }
}
