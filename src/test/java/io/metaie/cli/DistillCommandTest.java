package io.metaie.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static io.metaie.distillation.http.FakeTeacher.completion;
import static io.metaie.distillation.http.FakeTeacher.json;
import static io.metaie.distillation.http.FakeTeacher.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.metaie.distillation.http.FakeTeacher;
import io.metaie.evaluation.Example;
import io.metaie.testing.Ports;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillCommandTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    private final FakeTeacher fake = new FakeTeacher();
    private final Set<String> set = new HashSet<>();
    private Path out;

    @BeforeEach
    void configure() {
        out = directory.resolve("examples.jsonl");
        set("metaie.llm.base-url", fake.baseUrl().toString());
        set("metaie.llm.model", "fake");
        set("metaie.llm.timeout", "5s");
        set("metaie.llm.retries", "0");
    }

    @AfterEach
    void forget() {
        set.forEach(System::clearProperty);
        fake.close();
    }

    @Test
    void takesTheFirstSentenceOfEachParagraphThatIsLanguage() throws Exception {
        fake.answers(says("- Person: Ada Lovelace\n- City: Paris\n- City: Rome"));
        Path corpus = Files.writeString(directory.resolve("corpus.txt"), """
                Ada Lovelace went to Paris in spring. She came back soon after that.
                Too short.

                | 12 | 34,5 | 77 | 12:30 | 88 |
                Ada Lovelace went to Paris in spring. It is said twice here.
                Somebody else went to Rome and Paris. It rained all the time.
                """);
        Run run = run("--corpus", corpus.toString(), "--out", out.toString());
        assertEquals(0, run.code(), run.err());
        assertEquals(List.of("Ada Lovelace went to Paris in spring.", "Somebody else went to Rome and Paris."),
                examples().stream().map(example -> example.path("text").asText()).toList());
        assertEquals("fake", examples().get(0).path("source").asText());
        List<Example> read = ExampleFile.read(out.toString(), System.in, Optional.empty()).examples().stream()
                .map(one -> one.example()).toList();
        assertEquals(2, read.get(0).spans().size());
        assertTrue(run.err().contains("2 examples"), run.err());
        Path all = directory.resolve("all.jsonl");
        assertEquals(0, run("--corpus", corpus.toString(), "--out", all.toString(), "--all-sentences").code());
        assertEquals(5, Files.readAllLines(all).size());
    }

    @Test
    void goesOnWithoutPayingTwice() throws Exception {
        fake.answers(says("None"));
        Path corpus = corpus(40);
        assertEquals(0, run("--corpus", corpus.toString(), "--out", out.toString(), "--limit", "10").code());
        assertEquals(10, fake.calls());
        assertEquals(1, run("--corpus", corpus.toString(), "--out", out.toString(), "--limit", "20").code(), "there already");
        // What a crash leaves: half a line in both files, and an answer that never became an example.
        List<String> lines = Files.readAllLines(out);
        Files.write(out, lines.subList(0, 8));
        Files.writeString(out, "{\"text\":\"Half", StandardOpenOption.APPEND);
        Files.writeString(directory.resolve("examples.jsonl.answers"), "{\"key\":\"a", StandardOpenOption.APPEND);
        assertEquals(0, run("--corpus", corpus.toString(), "--out", out.toString(), "--resume").code());
        assertEquals(40, fake.calls());
        assertEquals(sentences(40), examples().stream().map(example -> example.path("text").asText()).toList());
        assertEquals(0, run("--corpus", corpus.toString(), "--out", out.toString(), "--resume").code());
        assertEquals(40, fake.calls());
        assertEquals(40, examples().size());
    }

    @Test
    void endsWithItsBudgetAndSaysSo() throws Exception {
        set("metaie.llm.price.input", "10");
        set("metaie.llm.price.output", "10");
        set("metaie.llm.max-tokens", "20");
        fake.answers(json(200, completion("None", "stop", true).replace("\"total_tokens\"", "\"cost\":0.004,\"total_tokens\""))
                .withFixedDelay(50));
        Path corpus = corpus(1_000);
        Run run = run("--corpus", corpus.toString(), "--out", out.toString(), "--limit", "1000", "--budget", "0.01");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("budget of 0.0100 USD is spent") && run.err().contains("--resume"), run.err());
        assertTrue(fake.calls() <= 3, fake.calls() + " calls");
        assertTrue(examples().size() > 0 && examples().size() <= fake.calls());
        int calls = fake.calls();
        assertEquals(1, run("--corpus", corpus.toString(), "--out", out.toString(), "--budget", "0.01", "--resume").code());
        assertEquals(calls, fake.calls(), "what was spent before counts");
        assertEquals(1, run("--corpus", corpus.toString(), "--out", out.toString(), "--budget", "0.02", "--resume").code());
        assertTrue(fake.calls() > calls && fake.calls() <= 5, fake.calls() + " calls");
        assertEquals(0, run("--corpus", corpus.toString(), "--out", out.toString(), "--budget", "1", "--resume", "--limit", "20")
                .code());
        assertEquals(20, fake.calls(), "what was answered out of order is not asked again");
        assertEquals(sentences(20), examples().stream().map(example -> example.path("text").asText()).toList());
    }

    @Test
    void aBudgetNeedsPricesAndACorpusATeacher() {
        Run unpriced = run("--corpus", corpus(1).toString(), "--out", out.toString(), "--budget", "1");
        assertEquals(1, unpriced.code());
        assertTrue(unpriced.err().contains("metaie.llm.price.input"), unpriced.err());
        System.clearProperty("metaie.llm.base-url");
        Run nobody = run("--corpus", corpus(1).toString(), "--out", out.toString());
        assertEquals(1, nobody.code());
        assertTrue(nobody.err().contains("METAIE_LLM_BASE_URL"), nobody.err());
        assertEquals(2, run("--out", out.toString()).code());
    }

    @Test
    void faultsOfTheOperatorEndItAtOnce() {
        for (int status : List.of(401, 400)) {
            fake.answers(json(status, "{\"error\":{\"message\":\"no such key\"}}"));
            Run run = run("--corpus", corpus(500).toString(), "--out", directory.resolve(status + ".jsonl").toString());
            assertEquals(1, run.code());
            assertTrue(run.err().contains("no such key"), run.err());
            assertTrue(fake.calls() < 60, fake.calls() + " calls");
        }
    }

    @Test
    void sentencesThatFailAreAskedAgainByTheNextRun() throws Exception {
        fake.answers(says("None"));
        fake.server().stubFor(any(anyUrl()).atPriority(1).withRequestBody(containing("number 7 of"))
                .willReturn(json(200, "{\"choices\":[]}")));
        Path corpus = corpus(12);
        Run run = run("--corpus", corpus.toString(), "--out", out.toString());
        assertEquals(1, run.code());
        assertTrue(run.err().contains("1 failed"), run.err());
        assertEquals(11, examples().size());
        fake.answers(says("None"));
        assertEquals(0, run("--corpus", corpus.toString(), "--out", out.toString(), "--resume").code());
        assertEquals(1, fake.calls());
        assertEquals(12, examples().size());
    }

    @Test
    void aTeacherThatStumblesIsAskedAgainAndTheOrderIsTheCorpus() throws Exception {
        set("metaie.llm.retries", "3");
        ResponseDefinitionBuilder late = says("None").withUniformRandomDelay(0, 200);
        fake.answersInTurn(List.of(late, json(500, ""), json(500, ""), json(429, "").withHeader("retry-after", "1"), late));
        Path corpus = corpus(40);
        Run run = run("--corpus", corpus.toString(), "--out", out.toString());
        assertEquals(0, run.code(), run.err());
        assertEquals(sentences(40), examples().stream().map(example -> example.path("text").asText()).toList());
        assertTrue(fake.calls() > 40, fake.calls() + " calls");
    }

    @Test
    void aTeacherThatIsLostEndsIt() {
        set("metaie.llm.base-url", "http://127.0.0.1:" + Ports.free() + "/v1");
        Run run = run("--corpus", corpus(500).toString(), "--out", out.toString());
        assertEquals(1, run.code());
        assertTrue(run.err().contains("cannot connect") || run.err().contains("left alone"), run.err());
    }

    private Path corpus(int sentences) {
        try {
            return Files.write(directory.resolve("corpus" + sentences + ".txt"), sentences(sentences));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> sentences(int count) {
        return IntStream.range(0, count).mapToObj(i -> "This is the sentence with number " + i + " of them all.").toList();
    }

    private List<JsonNode> examples() throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (String line : Files.readAllLines(out)) {
            all.add(JSON.readTree(line));
        }
        return all;
    }

    private void set(String key, String value) {
        set.add(key);
        System.setProperty(key, value);
    }

    private record Run(int code, String err) {}

    private static Run run(String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("distill"));
        all.addAll(List.of(arguments));
        int code = MetaieCommand.run(new Terminal(new ByteArrayInputStream(new byte[0]),
                new PrintStream(new ByteArrayOutputStream(), true, UTF_8), new PrintStream(err, true, UTF_8), false, false, false),
                all.toArray(String[]::new));
        return new Run(code, err.toString(UTF_8));
    }
}
