package io.metaie.distillation.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static io.metaie.distillation.http.FakeTeacher.json;
import static io.metaie.distillation.http.FakeTeacher.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.metaie.distillation.AnswerFile;
import io.metaie.distillation.Distilled;
import io.metaie.distillation.Distilled.Learned;
import io.metaie.distillation.Distilled.Refused;
import io.metaie.distillation.Drop;
import io.metaie.distillation.Prices;
import io.metaie.distillation.TeacherException;
import io.metaie.distillation.TeacherObserver;
import io.metaie.distillation.Template;
import io.metaie.distillation.http.PatientTeacher.Patience;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole responses, as hosted endpoints and local engines give them, from the wire to the example. */
class TeacherResponsesTest {

    private static final String ADA = "Ada Lovelace left London at 07:45 for https://example.org/a.";
    private static final Path RESPONSES = Path.of("src", "test", "resources", "teacher");
    private static final int MAX_TOKENS = 64;
    private static final Template TEMPLATE = new Template(Optional.empty(), Template.PAPER);
    /** A million dollars per million tokens: a token is a dollar. */
    private static final Prices PRICES = new Prices(1e6, 1e6);

    private final Vertx vertx = Vertx.vertx();
    private final FakeTeacher fake = new FakeTeacher();
    private AnswerFile books;
    private OpenTeacher teacher;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        books = new AnswerFile(directory.resolve("answers.jsonl"), "m", OptionalDouble.empty());
        Endpoint endpoint = new Endpoint(fake.baseUrl(), "m", Optional.empty(), 0, MAX_TOKENS, Duration.ofSeconds(10), 1);
        teacher = new OpenTeacher(vertx, new TeacherSettings(endpoint, TEMPLATE, PRICES, OptionalDouble.empty(), 1), books,
                TeacherObserver.NONE, new Patience(1, Duration.ofMillis(1), Duration.ofMillis(1)));
    }

    @AfterEach
    void close() throws Exception {
        teacher.close();
        books.close();
        fake.close();
        vertx.close();
    }

    private static Stream<Arguments> examples() {
        return Stream.of(
                example("good", List.of("Person Ada Lovelace", "City London", "Time 07:45"), Map.of()),
                example("fenced", List.of("Person Ada Lovelace", "City London"), Map.of(Drop.NO_SPAN, 1)),
                example("numbered", List.of("Person Ada Lovelace", "City London", "Time 07:45"), Map.of()),
                example("bold", List.of("Person Ada Lovelace", "City London", "Time 07:45"), Map.of()),
                example("quoted", List.of("Person Ada Lovelace", "City London", "Time 07:45"), Map.of()),
                example("cut", List.of("Person Ada Lovelace"), Map.of(Drop.CUT, 1)),
                example("wrong-case", List.of("person Ada Lovelace", "City London"), Map.of()),
                example("invented", List.of("Person Ada Lovelace"), Map.of(Drop.NOT_IN_SENTENCE, 2)),
                example("repeated", List.of("Person Ada Lovelace", "City London"), Map.of(Drop.REPEATED, 2)),
                example("parts", List.of("Person Ada Lovelace", "City London"), Map.of()),
                example("no-usage", List.of("City London"), Map.of()),
                example("none", List.of(), Map.of()));
    }

    private static Arguments example(String name, List<String> spans, Map<Drop, Integer> dropped) {
        return Arguments.of(name, spans, dropped);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void answersAreExamples(String name, List<String> spans, Map<Drop, Integer> dropped) throws Exception {
        fake.answers(recorded(name));
        Learned learned = assertInstanceOf(Learned.class, distill());
        assertEquals(spans, learned.example().spans().stream()
                .map(span -> span.label().name() + " " + ADA.substring(span.start(), span.end())).toList());
        assertEquals(dropped, learned.dropped());
    }

    @ParameterizedTest
    @ValueSource(strings = {"prose-refusal", "named-refusal", "content-filter"})
    void refusalsAreNone(String name) throws Exception {
        fake.answers(recorded(name));
        assertInstanceOf(Refused.class, distill());
        assertTrue(books.spent() > 0, "but they are paid");
        assertEquals(1, fake.calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "null", "no-choices"})
    void whatSaysNothingIsAskedAgainAndPaidEachTime(String name) throws Exception {
        fake.answers(recorded(name));
        ExecutionException failure = assertThrows(ExecutionException.class, this::distill);
        assertEquals(TeacherException.Fault.UNUSABLE, assertInstanceOf(TeacherException.class, failure.getCause()).fault());
        assertEquals(2, fake.calls());
        assertTrue(books.spent() > 2 * 48, books.spent() + " USD");
    }

    @Test
    void errorsThatPassAreAskedAgain() throws Exception {
        fake.answersInTurn(List.of(recorded("error-in-200"), says("- City: London")));
        assertInstanceOf(Learned.class, distill());
        fake.answersInTurn(List.of(page(502), says("- City: London")));
        assertInstanceOf(Learned.class, teacher.distiller().distill("Bob left London.").get(10, TimeUnit.SECONDS));
        assertEquals(2, fake.calls());
    }

    @Test
    void aCallCostsItsTokensAndWithoutUsageTheMostItMay() throws Exception {
        fake.answers(recorded("good"));
        distill();
        assertEquals(73, books.spent(), 1e-9);
        fake.answers(recorded("no-usage"));
        teacher.distiller().distill("Bob left London.").get(10, TimeUnit.SECONDS);
        assertTrue(books.spent() > 73 + MAX_TOKENS + "Bob left London.".length(), books.spent() + " USD");
    }

    private static ResponseDefinitionBuilder recorded(String name) throws IOException {
        return json(200, Files.readString(RESPONSES.resolve(name + ".json")));
    }

    private static ResponseDefinitionBuilder page(int status) throws IOException {
        return aResponse().withStatus(status).withHeader("content-type", "text/html")
                .withBody(Files.readString(RESPONSES.resolve("gateway-page.html")));
    }

    private Distilled distill() throws Exception {
        return teacher.distiller().distill(ADA).get(10, TimeUnit.SECONDS);
    }
}
