package io.metaie.distillation.http;

import io.metaie.distillation.Books;
import io.metaie.distillation.Prices;
import io.metaie.distillation.TeacherObserver;
import io.metaie.distillation.Template;
import io.metaie.distillation.http.PatientTeacher.Patience;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** Puts a teacher together for tests of other packages. */
public final class TeacherParts {

    private TeacherParts() {}

    /** A teacher without a key and with little patience. */
    public static OpenTeacher open(Vertx vertx, URI url, Template template, Prices prices, double budget, int maxTokens,
            int concurrency, Books books, TeacherObserver observer) {
        Endpoint endpoint = new Endpoint(url, "fake", Optional.empty(), 0, maxTokens, Duration.ofSeconds(30), concurrency);
        return new OpenTeacher(vertx, new TeacherSettings(endpoint, template, prices, OptionalDouble.of(budget), 3), books, observer,
                new Patience(3, Duration.ofMillis(20), Duration.ofMillis(300)));
    }
}
