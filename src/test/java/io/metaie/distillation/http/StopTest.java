package io.metaie.distillation.http;

import static io.metaie.distillation.http.FakeTeacher.completion;
import static io.metaie.distillation.http.FakeTeacher.json;
import static io.metaie.distillation.http.FakeTeacher.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.metaie.distillation.AnswerFile;
import io.metaie.distillation.Distilled;
import io.metaie.distillation.Prices;
import io.metaie.distillation.TeacherException;
import io.metaie.distillation.TeacherObserver;
import io.metaie.distillation.Template;
import io.metaie.distillation.http.PatientTeacher.Patience;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop while questions are under way. */
class StopTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeTeacher fake = new FakeTeacher();

    @TempDir
    Path directory;

    private AnswerFile books;
    private OpenTeacher teacher;

    @BeforeEach
    void open() throws Exception {
        books = new AnswerFile(directory.resolve("answers.jsonl"), "fake", OptionalDouble.empty());
        Endpoint endpoint = new Endpoint(fake.baseUrl(), "fake", Optional.empty(), 0, 64, Duration.ofSeconds(30), 4);
        teacher = new OpenTeacher(vertx, new TeacherSettings(endpoint, new Template(Optional.empty(), Template.PAPER), new Prices(1, 1),
                OptionalDouble.empty(), 3), books, TeacherObserver.NONE, new Patience(3, Duration.ofMillis(100), Duration.ofMillis(300)));
    }

    @AfterEach
    void close() throws Exception {
        teacher.close();
        books.close();
        fake.close();
        vertx.close();
    }

    @Test
    void whatIsAskedIsAnsweredAndKeptAndNothingElseIsAsked() throws Exception {
        fake.answers(says("None").withFixedDelay(500));
        List<CompletableFuture<Distilled>> all =
                IntStream.range(0, 10).mapToObj(i -> teacher.distiller().distill("Sentence " + i + ".")).toList();
        Awaitility.await().until(() -> fake.server().countRequestsMatching(
                com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor(
                        com.github.tomakehurst.wiremock.client.WireMock.anyUrl()).build()).getCount() == 4);
        teacher.stop().get(10, TimeUnit.SECONDS);
        assertEquals(4, books.answers());
        for (int i = 0; i < 10; i++) {
            if (i < 4) {
                assertInstanceOf(Distilled.Learned.class, all.get(i).get(10, TimeUnit.SECONDS));
            } else {
                CompletableFuture<Distilled> late = all.get(i);
                ExecutionException failure = assertThrows(ExecutionException.class, () -> late.get(10, TimeUnit.SECONDS));
                assertEquals(TeacherException.Fault.PAUSED, ((TeacherException) failure.getCause()).fault());
            }
        }
        assertEquals(4, fake.calls());
    }

    @Test
    void whatFailsDuringTheStopIsNotAskedAgain() throws Exception {
        fake.answers(json(500, completion("", "stop", true)).withFixedDelay(300));
        CompletableFuture<Distilled> one = teacher.distiller().distill("A sentence.");
        Awaitility.await().until(() -> fake.server().countRequestsMatching(
                com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor(
                        com.github.tomakehurst.wiremock.client.WireMock.anyUrl()).build()).getCount() == 1);
        teacher.stop().get(10, TimeUnit.SECONDS);
        assertThrows(ExecutionException.class, () -> one.get(10, TimeUnit.SECONDS));
        assertEquals(1, fake.calls());
    }
}
