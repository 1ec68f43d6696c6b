package io.metaie.distillation.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static io.metaie.distillation.http.FakeTeacher.completion;
import static io.metaie.distillation.http.FakeTeacher.json;
import static io.metaie.distillation.http.FakeTeacher.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.metaie.distillation.AnswerFile;
import io.metaie.distillation.Distilled;
import io.metaie.distillation.Prices;
import io.metaie.distillation.Question;
import io.metaie.distillation.TeacherException;
import io.metaie.distillation.TeacherObserver;
import io.metaie.distillation.Template;
import io.metaie.distillation.http.PatientTeacher.Patience;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The teacher against an endpoint that fails in all the ways endpoints do. */
class TeacherTest {

    private static final String ADA = "Ada Lovelace lives in Paris.";
    private static final Template TEMPLATE = new Template(Optional.of("Be short."), Template.PAPER);

    private static Vertx vertx;
    private static FakeTeacher fake;

    @TempDir
    Path directory;

    private AnswerFile books;
    private OpenTeacher teacher;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        fake = new FakeTeacher();
    }

    @AfterAll
    static void stop() {
        fake.close();
        vertx.close();
    }

    @BeforeEach
    void open() throws Exception {
        open(fake.baseUrl(), Prices.FREE, OptionalDouble.empty(), 8, Duration.ofSeconds(10));
    }

    private void open(URI url, Prices prices, OptionalDouble budget, int concurrency, Duration timeout) throws Exception {
        close();
        books = new AnswerFile(directory.resolve("answers.jsonl"), "fake", budget);
        Endpoint endpoint = new Endpoint(url, "fake", Optional.empty(), 0, 64, timeout, concurrency);
        teacher = new OpenTeacher(vertx, new TeacherSettings(endpoint, TEMPLATE, prices, budget, 3), books,
                TeacherObserver.NONE, new Patience(3, Duration.ofMillis(20), Duration.ofMillis(300)));
    }

    @AfterEach
    void close() throws Exception {
        if (teacher != null) {
            teacher.close();
            books.close();
        }
    }

    @Test
    void asksAsThePaperDoesAndKeepsTheAnswer() throws Exception {
        fake.answers(says("- Person: Ada Lovelace\n- City: Paris"));
        Distilled.Learned learned = assertInstanceOf(Distilled.Learned.class, distill(ADA));
        assertEquals(2, learned.example().spans().size());
        fake.server().verify(1, postRequestedFor(urlEqualTo("/v1/chat/completions"))
                .withHeader("content-type", equalTo("application/json"))
                .withRequestBody(matchingJsonPath("$.model", equalTo("fake")))
                .withRequestBody(matchingJsonPath("$.max_tokens", equalTo("64")))
                .withRequestBody(matchingJsonPath("$.messages[0].content", equalTo("Be short.")))
                .withRequestBody(matchingJsonPath("$.messages[1].content", equalTo("Extract some short important information from the"
                        + " following sentence:\n" + ADA + "\nImportant information (Format: - <label>: <span>):"))));
        distill(ADA);
        assertEquals(1, fake.calls(), "what is answered is not asked again");
        open();
        distill(ADA);
        assertEquals(1, fake.calls(), "nor after a restart");
    }

    @Test
    void whoAsksTheSameWaitsForTheSameAnswer() {
        fake.answers(says("None").withFixedDelay(200));
        List<CompletableFuture<Distilled>> all = IntStream.range(0, 20).mapToObj(i -> teacher.distiller().distill(ADA)).toList();
        all.forEach(CompletableFuture::join);
        assertEquals(1, fake.calls());
    }

    @Test
    void questionsNobodyWaitsForAreNotAsked() throws Exception {
        open(fake.baseUrl(), Prices.FREE, OptionalDouble.empty(), 1, Duration.ofSeconds(10));
        fake.answers(says("None").withFixedDelay(200));
        List<CompletableFuture<Distilled>> all =
                IntStream.range(0, 20).mapToObj(i -> teacher.distiller().distill("Sentence " + i + ".")).toList();
        all.get(0).get(10, TimeUnit.SECONDS);
        all.forEach(one -> one.cancel(true));
        distill("The last.");
        assertTrue(fake.calls() <= 4, "the first, the one under way, the one made ready and the last, not " + fake.calls());
    }

    @ParameterizedTest
    @CsvSource({"401, OPERATOR", "402, OPERATOR", "403, OPERATOR", "404, OPERATOR", "301, OPERATOR", "400, REFUSED", "413, REFUSED",
        "422, REFUSED"})
    void someFaultsAreNotTriedAgain(int status, TeacherException.Fault fault) {
        fake.answers(json(status, "{\"error\":{\"message\":\"no such key\"}}"));
        TeacherException failure = failure(ADA);
        assertEquals(fault, failure.fault());
        assertTrue(failure.getMessage().contains(String.valueOf(status)) && failure.getMessage().contains("no such key"));
        assertEquals(1, fake.calls());
    }

    @Test
    void anExhaustedQuotaIsTheOperators() {
        fake.answers(json(429, "{\"error\":{\"message\":\"pay\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}"));
        assertEquals(TeacherException.Fault.OPERATOR, failure(ADA).fault());
        assertEquals(1, fake.calls());
        assertEquals(TeacherException.Fault.OPERATOR, failure("Another sentence.").fault());
        assertEquals(1, fake.calls(), "for a moment nobody asks in vain");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 529})
    void othersAre(int status) throws Exception {
        fake.answersInTurn(List.of(json(status, "<html>no</html>"), json(status, ""), says("- City: Paris")));
        assertInstanceOf(Distilled.Learned.class, distill(ADA));
        assertEquals(3, fake.calls());
    }

    @Test
    void withinLimits() {
        fake.answers(json(500, ""));
        assertEquals(TeacherException.Fault.UNAVAILABLE, failure(ADA).fault());
        assertEquals(4, fake.calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Sign in</html>", "{\"choices\":", "[]", "{\"error\":{\"message\":\"overloaded\",\"code\":503}}"})
    void whatIsNoCompletionIsTriedAgain(String body) throws Exception {
        fake.answersInTurn(List.of(json(200, body), says("- City: Paris")));
        assertInstanceOf(Distilled.Learned.class, distill(ADA));
        assertEquals(2, fake.calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\":[]}", "{\"choices\":[{\"message\":{\"content\":null}}]}",
        "{\"choices\":[{\"message\":{\"content\":\"  \"},\"finish_reason\":\"stop\"}]}", "{\"choices\":[{}]}"})
    void anEmptyAnswerIsTheSentencesFaultInTheEnd(String body) {
        fake.answers(json(200, body));
        assertEquals(TeacherException.Fault.UNUSABLE, failure(ADA).fault());
        assertEquals(4, fake.calls());
    }

    @Test
    void refusalsAreAnswers() throws Exception {
        fake.answers(json(200, "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"I won't.\"},\"finish_reason\":\"stop\"}]}"));
        assertInstanceOf(Distilled.Refused.class, distill(ADA));
        fake.answers(json(200, completion("", "content_filter", true)));
        assertInstanceOf(Distilled.Refused.class, distill("Another."));
        fake.answers(json(200, completion("", "length", true)));
        assertInstanceOf(Distilled.Refused.class, distill("A third."));
        assertEquals(1, fake.calls(), "an answer without room for anything would be the same again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK", "RANDOM_DATA_THEN_CLOSE"})
    void aLostConnectionIsTriedAgain(Fault fault) throws Exception {
        fake.answersInTurn(List.of(aResponse().withFault(fault), says("- City: Paris")));
        assertInstanceOf(Distilled.Learned.class, distill(ADA));
    }

    @Test
    void anAnswerThatDripsEndsWithItsTime() throws Exception {
        open(fake.baseUrl(), Prices.FREE, OptionalDouble.empty(), 8, Duration.ofMillis(500));
        fake.answersInTurn(List.of(says("- City: Paris").withChunkedDribbleDelay(100, 20_000), says("- City: Paris")));
        long start = System.nanoTime();
        assertInstanceOf(Distilled.Learned.class, distill(ADA));
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(8));
    }

    @Test
    void nobodyThereIsTriedAgain() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        open(URI.create("http://127.0.0.1:" + port + "/v1"), new Prices(1, 1), OptionalDouble.of(1), 8, Duration.ofSeconds(5));
        TeacherException failure = failure(ADA);
        assertEquals(TeacherException.Fault.UNAVAILABLE, failure.fault());
        assertTrue(failure.getMessage().startsWith("cannot connect"), failure.getMessage());
        assertEquals(0, books.spent(), "what was never sent cost nothing");
    }

    @Test
    void allWorkersLeaveTheTeacherAloneAsLongAsItAsks() throws Exception {
        for (boolean date : new boolean[] {false, true}) {
            open();
            String header = date ? inThreeSeconds() : "2";
            fake.answersInTurn(List.of(json(429, "").withHeader("retry-after", header), says("None")));
            distill("First " + header);
            List<CompletableFuture<Distilled>> all = IntStream.range(0, 8)
                    .mapToObj(i -> teacher.distiller().distill("Sentence " + i + " " + header)).toList();
            for (CompletableFuture<Distilled> one : all) {
                one.get(10, TimeUnit.SECONDS);
            }
            List<Instant> times = new ArrayList<>();
            fake.server().getAllServeEvents().stream().map(event -> event.getRequest())
                    .map(LoggedRequest::getLoggedDate).map(logged -> logged.toInstant()).forEach(times::add);
            times.sort(Comparator.naturalOrder());
            Duration pause = Duration.between(times.get(0), times.get(1));
            // A date counts whole seconds, and what went before it is part of the pause.
            assertTrue(pause.toMillis() >= 1_500 && pause.toMillis() < 6_000, pause.toString());
        }
    }

    @Test
    void aPauseLongerThanAnybodyWaitsIsTold() {
        fake.answers(json(429, "").withHeader("retry-after", "86400"));
        TeacherException failure = failure(ADA);
        assertEquals(TeacherException.Fault.PAUSED, failure.fault());
        assertEquals(1, fake.calls());
        assertEquals(TeacherException.Fault.PAUSED, failure("Another.").fault());
        assertEquals(1, fake.calls());
    }

    @Test
    void aBrokenCircuitSparesTheTeacherAndHeals() throws Exception {
        fake.answers(json(503, ""));
        List<CompletableFuture<Distilled>> all =
                IntStream.range(0, 40).mapToObj(i -> teacher.distiller().distill("Sentence " + i + ".")).toList();
        all.forEach(one -> assertThrows(CompletionException.class, one::join));
        assertTrue(fake.calls() < 40 * 4 / 2, fake.calls() + " calls");
        fake.answers(says("None"));
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(10)).ignoreExceptions().until(() -> {
            distill("Healed.");
            return true;
        });
    }

    @Test
    void theKeyGoesWithTheQuestionAndIsShownToNobody() throws Exception {
        Endpoint endpoint = new Endpoint(fake.baseUrl(), "fake", Optional.of(ApiKey.of("sk-secret")), 0, 64,
                Duration.ofSeconds(5), 1);
        assertFalse(endpoint.toString().contains("secret"), endpoint.toString());
        fake.answers(json(401, "{\"error\":{\"message\":\"Incorrect key: sk-secret\"}}"));
        try (HttpTeacher http = new HttpTeacher(vertx, endpoint)) {
            ExecutionException failure = assertThrows(ExecutionException.class,
                    () -> http.ask(Question.of(TEMPLATE, "fake", ADA)).get(10, TimeUnit.SECONDS));
            assertTrue(failure.getCause().getMessage().endsWith("Incorrect key: ***"), failure.getCause().getMessage());
        }
        fake.server().verify(1, postRequestedFor(urlEqualTo("/v1/chat/completions"))
                .withHeader("authorization", equalTo("Bearer sk-secret")));
    }

    @Test
    void aBudgetForFiveHundredWorstCallsIsNeverExceeded() throws Exception {
        Prices prices = new Prices(10, 30);
        double worst = prices.worst(Question.of(TEMPLATE, "fake", sentence(0)), 64);
        open(fake.baseUrl(), prices, OptionalDouble.of(worst * 500), 64, Duration.ofSeconds(30));
        // Without usage each call counts as the worst.
        fake.answers(json(200, completion("None", "stop", false)).withFixedDelay(5));
        List<CompletableFuture<Distilled>> all =
                IntStream.range(0, 800).mapToObj(i -> teacher.distiller().distill(sentence(i))).toList();
        int answered = 0;
        for (CompletableFuture<Distilled> one : all) {
            try {
                one.get(60, TimeUnit.SECONDS);
                answered++;
            } catch (ExecutionException e) {
                assertEquals(TeacherException.Fault.BUDGET, ((TeacherException) e.getCause()).fault());
            }
        }
        int calls = fake.calls();
        System.out.printf("budget of 500 worst-case calls at concurrency 64: %d calls, %.6f of %.6f USD%n",
                calls, books.spent(), worst * 500);
        assertEquals(500, answered);
        assertEquals(500, calls);
        assertTrue(books.spent() <= worst * 500 + 1e-9);
        // With money for 300 more: were what is answered asked again, those that were not would find none left.
        open(fake.baseUrl(), prices, OptionalDouble.of(worst * 800), 64, Duration.ofSeconds(30));
        distillAll(800);
        assertEquals(800, fake.calls(), "only what was not answered is asked");
        open(fake.baseUrl(), prices, OptionalDouble.of(worst * 10_000), 64, Duration.ofSeconds(30));
        distillAll(800);
        System.out.printf("replay of all, with money left: %d calls%n", fake.calls() - 800);
        assertEquals(800, fake.calls(), "a replay is free");
    }

    @Test
    void anEndpointThatChargesMoreThanItsPricesExceedsTheBudgetByOneCallAtMost() throws Exception {
        open(fake.baseUrl(), new Prices(0.1, 0.1), OptionalDouble.of(0.01), 8, Duration.ofSeconds(30));
        fake.answers(json(200, completion("None", "stop", true).replace("\"total_tokens\"", "\"cost\":0.004,\"total_tokens\""))
                .withFixedDelay(100));
        List<CompletableFuture<Distilled>> all =
                IntStream.range(0, 50).mapToObj(i -> teacher.distiller().distill(sentence(i))).toList();
        all.forEach(one -> one.exceptionally(denied -> null).join());
        assertTrue(fake.calls() <= 3, fake.calls() + " calls");
        assertTrue(books.spent() <= 0.014);
    }

    private void distillAll(int sentences) throws Exception {
        List<CompletableFuture<Distilled>> all =
                IntStream.range(0, sentences).mapToObj(i -> teacher.distiller().distill(sentence(i))).toList();
        for (CompletableFuture<Distilled> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    private static String sentence(int i) {
        return String.format("This is the sentence of number %04d.", i);
    }

    private static String inThreeSeconds() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(3));
    }

    private Distilled distill(String sentence) throws Exception {
        return teacher.distiller().distill(sentence).get(30, TimeUnit.SECONDS);
    }

    private TeacherException failure(String sentence) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> distill(sentence));
        return assertInstanceOf(TeacherException.class, failure.getCause());
    }
}
