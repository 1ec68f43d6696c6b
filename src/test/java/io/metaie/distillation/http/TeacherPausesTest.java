package io.metaie.distillation.http;

import static io.metaie.distillation.http.FakeTeacher.completion;
import static io.metaie.distillation.http.FakeTeacher.json;
import static io.metaie.distillation.http.FakeTeacher.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.distillation.AnswerFile;
import io.metaie.distillation.Distilled;
import io.metaie.distillation.Prices;
import io.metaie.distillation.TeacherException;
import io.metaie.distillation.TeacherException.Fault;
import io.metaie.distillation.TeacherObserver;
import io.metaie.distillation.Template;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the questions that wait behind one that went wrong, and what is told of it. */
class TeacherPausesTest {

    private static final String ADA = "Ada Lovelace lives in Paris.";
    private static final Template TEMPLATE = new Template(Optional.empty(), Template.PAPER);

    private final Vertx vertx = Vertx.vertx();
    private final FakeTeacher fake = new FakeTeacher();

    @TempDir
    Path directory;

    private AnswerFile books;
    private OpenTeacher teacher;

    @BeforeEach
    void open() throws Exception {
        books = new AnswerFile(directory.resolve("answers.jsonl"), "fake", OptionalDouble.of(1_000));
        open(64);
    }

    private void open(int maxTokens) {
        teacher = TeacherParts.open(vertx, fake.baseUrl(), TEMPLATE, new Prices(1, 1), 1_000, maxTokens, 8, books, TeacherObserver.NONE);
    }

    @AfterEach
    void close() throws Exception {
        teacher.close();
        books.close();
        fake.close();
        vertx.close();
    }

    @Test
    void questionsThatWaitForTheirTurnLeaveTheTeacherAloneToo() throws Exception {
        fake.answers(says("None"));
        distill("With a budget the first goes alone.");
        fake.answersInTurn(Stream.concat(
                Stream.of(json(429, "").withHeader("retry-after", "2")),
                Stream.of(says("None").withFixedDelay(600))).toList());
        List<CompletableFuture<Distilled>> all =
                IntStream.range(0, 30).mapToObj(i -> teacher.distiller().distill("Sentence " + i + ".")).toList();
        for (CompletableFuture<Distilled> one : all) {
            assertInstanceOf(Distilled.Learned.class, one.get(20, TimeUnit.SECONDS));
        }
        List<Long> times = fake.server().getAllServeEvents().stream()
                .map(event -> event.getRequest().getLoggedDate().getTime()).sorted().toList();
        assertEquals(31, times.size());
        assertTrue(times.stream().filter(time -> time < times.get(0) + 1_800).count() <= 8, times.toString());
    }

    @Test
    void whenTheFirstIsTurnedAwayThoseBehindItWait() throws Exception {
        fake.answersInTurn(List.of(json(429, "").withHeader("retry-after", "2"), says("None")));
        List<CompletableFuture<Distilled>> all =
                IntStream.range(0, 8).mapToObj(i -> teacher.distiller().distill("Sentence " + i + ".")).toList();
        for (CompletableFuture<Distilled> one : all) {
            one.get(20, TimeUnit.SECONDS);
        }
        List<Long> times = fake.server().getAllServeEvents().stream()
                .map(event -> event.getRequest().getLoggedDate().getTime()).sorted().toList();
        assertTrue(times.get(1) - times.get(0) >= 1_800, times.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'error':{'message':'Unsupported parameter','type':'invalid_request_error','param':'max_tokens','code':'unsupported_parameter'}}",
        "{'error':{'message':'The model does not exist','type':'invalid_request_error','param':null,'code':'model_not_found'}}",
        "{'error':{'message':'temperature must be 1','type':'invalid_request_error','param':'temperature','code':null}}"})
    void whatEveryRequestHasAlikeIsTheOperatorsToMend(String body) {
        fake.answers(json(400, body.replace('\'', '"')));
        assertEquals(Fault.OPERATOR, failure(ADA).fault());
    }

    @Test
    void aSentenceTooLongForTheModelIsTheSentencesFault() {
        fake.answers(json(400, "{\"error\":{\"message\":\"too long\",\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}"));
        assertEquals(Fault.REFUSED, failure(ADA).fault());
    }

    @Test
    void aMessageThatRepeatsTheSentenceIsNotTold() {
        fake.answers(json(403, "{\"error\":{\"message\":\"moderation: " + ADA + "\"}}"));
        TeacherException failure = failure(ADA);
        assertEquals(Fault.OPERATOR, failure.fault());
        assertFalse(failure.getMessage().contains("Ada"), failure.getMessage());
        assertTrue(failure.getMessage().contains("403"), failure.getMessage());
    }

    @Test
    void anAnswerCutBeforeItSaidAnythingIsAskedAgainOnceMoreIsAllowed() throws Exception {
        fake.answers(json(200, completion("", "length", true)));
        assertInstanceOf(Distilled.Refused.class, distill(ADA));
        assertInstanceOf(Distilled.Refused.class, distill(ADA));
        assertEquals(1, fake.calls());
        teacher.close();
        fake.answers(says("- Person: Ada Lovelace"));
        open(512);
        assertInstanceOf(Distilled.Learned.class, distill(ADA));
        assertEquals(1, fake.calls());
    }

    @Test
    void anAddressThatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Endpoint(URI.create("http://127.0.0.1:99999/v1"), "fake",
                Optional.empty(), 0, 64, Duration.ofSeconds(5), 1));
    }

    @Test
    void aCostOfNothingIsNotBelievedWherePricesAreSet() throws Exception {
        fake.answers(json(200, completion("None", "stop", true).replace("\"total_tokens\"", "\"cost\":0,\"total_tokens\"")));
        distill(ADA);
        assertEquals(120 / 1e6, books.spent(), 1e-12);
    }

    private Distilled distill(String sentence) throws Exception {
        return teacher.distiller().distill(sentence).get(20, TimeUnit.SECONDS);
    }

    private TeacherException failure(String sentence) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> distill(sentence));
        return assertInstanceOf(TeacherException.class, failure.getCause());
    }
}
