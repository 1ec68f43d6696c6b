package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.extraction.ExtractionReader;
import io.metaie.extraction.ExtractionWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code extract} with the bundled model. */
class ExtractCommandTest {

    private static final String ADA = "🚀🚀 Ada Lovelace flew to Paris.";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    private int run(byte[] input, String... arguments) {
        out.reset();
        err.reset();
        Terminal terminal = new Terminal(new ByteArrayInputStream(input), new PrintStream(out, false, UTF_8),
                new PrintStream(err, false, UTF_8), false, false, false);
        List<String> line = new ArrayList<>(List.of("extract"));
        line.addAll(List.of(arguments));
        return MetaieCommand.run(terminal, line.toArray(String[]::new));
    }

    private int run(String... arguments) {
        return run(new byte[0], arguments);
    }

    private List<JsonNode> answers() throws IOException {
        List<JsonNode> answers = new ArrayList<>();
        for (String line : out.toString(UTF_8).lines().toList()) {
            answers.add(new JsonMapper().readTree(line));
        }
        return answers;
    }

    private static List<String> spans(JsonNode answer) {
        List<String> spans = new ArrayList<>();
        answer.path("spans").forEach(span -> spans.add(span.path("label").asText() + " " + span.path("text").asText() + " "
                + span.path("start") + "-" + span.path("end")));
        return spans;
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @Test
    void aTextIsAnsweredAtOnce() throws IOException {
        assertEquals(0, run("--labels", "Person, City", "--format", "json", ADA), err.toString(UTF_8));
        assertEquals(List.of("Person Ada Lovelace 3-15", "City Paris 24-29"), spans(answers().get(0)));
        String line = out.toString(UTF_8).strip();
        assertEquals(line, ExtractionWriter.toJson(ExtractionReader.fromJson(line)));
        assertTrue(answers().get(0).path("task").isMissingNode());
    }

    @Test
    void textAndPageShowTheSameSpans() {
        assertEquals(0, run("--labels", "Person,City", ADA));
        assertTrue(out.toString(UTF_8).contains("🚀🚀 [Ada Lovelace](Person) flew to [Paris](City)."), out.toString(UTF_8));
        assertEquals(0, run("--labels", "Person,City", "--format", "html", ADA));
        assertEquals(List.of("Ada Lovelace", "Paris"), Jsoup.parse(out.toString(UTF_8)).select("mark").eachText());
    }

    @Test
    void aLineIsADocumentAndItsOwnLabelsWin() throws IOException {
        Path file = file("docs.txt", "Ada Lovelace lives in Paris.\r\n\n"
                + "{\"id\":7,\"text\":\"Ada Lovelace lives in Paris.\",\"labels\":[\"City\"],\"metadata\":{\"n\":1.50}}\n"
                + "{\"text\":\"Grace Hopper\"}");
        assertEquals(0, run("--labels", "Person", "--format", "json", file.toString()), err.toString(UTF_8));
        List<JsonNode> answers = answers();
        assertEquals(List.of("docs.txt:1", "7", "docs.txt:4"), answers.stream().map(a -> a.path("documentId").asText()).toList());
        assertEquals(List.of("Person Ada Lovelace 0-12"), spans(answers.get(0)));
        assertEquals(List.of("City Paris 22-27"), spans(answers.get(1)));
        assertTrue(out.toString(UTF_8).contains("\"metadata\":{\"n\":1.50}"));
        assertFalse(out.toString(UTF_8).contains("\\r"));
    }

    @Test
    void theWholeInputIsOneDocument() throws IOException {
        String text = "Ada Lovelace\r\n\tParis\r\n\r\nAlan Turing\tRome\r\n";
        Path file = file("crlf.txt", text);
        assertEquals(0, run("--labels", "Person,City", "--whole", "--format", "json", file.toString()));
        for (JsonNode span : answers().get(0).path("spans")) {
            assertEquals(text.substring(span.path("start").asInt(), span.path("end").asInt()), span.path("text").asText());
        }
        assertTrue(spans(answers().get(0)).containsAll(List.of("Person Ada Lovelace 0-12", "City Paris 15-20")),
                out.toString(UTF_8));
        assertEquals("crlf.txt", answers().get(0).path("documentId").asText());
    }

    @Test
    void badLinesAreNamedAndTheOthersGoOn() throws IOException {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.write((ADA + "\n{\"text\":5}\n{\"text\":\"\\ud83d\"}\n").getBytes(UTF_8));
        input.write(new byte[] {(byte) 0xff, '\n'});
        input.write("{\"text\":\"a\",\"labels\":[\"\"]}\n{\"text\":\"a\",\"task\":\"nobody\"}\n".getBytes(UTF_8));
        input.write("x".repeat(1_048_577).getBytes(UTF_8));
        input.write(("\n" + ADA).getBytes(UTF_8));
        assertEquals(1, run(input.toByteArray(), "--labels", "Person,City", "--format", "json", "-"));
        assertEquals(List.of("stdin:1", "stdin:8"), answers().stream().map(a -> a.path("documentId").asText()).toList());
        List<String> messages = err.toString(UTF_8).lines().filter(line -> line.startsWith("metaie: ")).toList();
        List<String> reasons = List.of("missing-text", "invalid-json", "invalid-utf8", "invalid-labels", "unknown-task", "too-large");
        assertEquals(reasons.size() + 1, messages.size(), err.toString(UTF_8));
        for (int i = 0; i < reasons.size(); i++) {
            assertTrue(messages.get(i).startsWith("metaie: stdin, line " + (i + 2) + ": " + reasons.get(i) + ": "), messages.get(i));
        }
        assertEquals("metaie: 6 of 8 documents could not be answered", messages.get(6));
    }

    @Test
    void aTaskComesFromAFile() throws IOException {
        Path task = file("task.json", "{\"task\":\"news\",\"labels\":[\"City\"],\"threshold\":0.99999}");
        assertEquals(0, run("--task", task.toString(), "--format", "json", ADA), err.toString(UTF_8));
        assertEquals("news", answers().get(0).path("task").asText());
        assertEquals(List.of(), spans(answers().get(0)));
        assertEquals(0, run("--task", task.toString(), "--threshold", "0", "--format", "json", ADA));
        assertEquals(List.of("City Paris 24-29"), spans(answers().get(0)));
    }

    @Test
    void packedFilesAreUnpackedAndOrderIsKept() throws IOException {
        Path file = directory.resolve("many.jsonl.gz");
        try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < 700; i++) {
                // Short ones overtake long ones, were order not kept.
                String text = i % 50 == 0 ? "Ada lives in Paris, ".repeat(40) : "Hello.";
                packed.write(("{\"id\":" + i + ",\"text\":\"" + text + "\"}\n").getBytes(UTF_8));
            }
        }
        assertEquals(0, run("--labels", "City", "--format", "json", file.toString()), err.toString(UTF_8));
        List<JsonNode> answers = answers();
        assertEquals(700, answers.size());
        for (int i = 0; i < 700; i++) {
            assertEquals(i, answers.get(i).path("documentId").asInt());
        }
    }

    /** However long the input is, only so much of it is in memory; and when nobody reads any more, the command ends. */
    @Test
    void anEndlessInputIsReadAsFarAsItIsAnswered() {
        byte[] line = "Ada flew to Paris.\n".getBytes(UTF_8);
        AtomicLong read = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return line[(int) (read.getAndIncrement() % line.length)];
            }
        };
        OutputStream closing = new OutputStream() {
            private int written;

            @Override
            public void write(int b) throws IOException {
                if (++written > 20_000) {
                    throw new IOException("Broken pipe");
                }
            }
        };
        Terminal terminal = new Terminal(endless, new PrintStream(closing, false, UTF_8), new PrintStream(err, false, UTF_8),
                false, false, false);
        assertEquals(0, MetaieCommand.run(terminal, "extract", "--labels", "City", "--format", "json"), err.toString(UTF_8));
        assertTrue(read.get() < 200_000, read + " bytes were read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "--labels , text", "--labels A --task f text", "--labels A --threshold 2 text",
        "--labels A --threshold NaN text", "--labels A --format xml text", "--labels A two texts", "--labels [3] text"})
    void wrongUsage(String line) {
        assertEquals(2, run(line.split(" ")));
        assertEquals("", out.toString(UTF_8));
        assertTrue(err.toString(UTF_8).contains("Usage: metaie extract"), err.toString(UTF_8));
    }

    @Test
    void onATerminalSomethingMustBeGivenToRead() {
        Terminal terminal = new Terminal(new ByteArrayInputStream(new byte[0]), new PrintStream(out, false, UTF_8),
                new PrintStream(err, false, UTF_8), true, false, false);
        assertEquals(2, MetaieCommand.run(terminal, "extract", "--labels", "A"));
        assertTrue(err.toString(UTF_8).startsWith("metaie: nothing to read"), err.toString(UTF_8));
    }

    @Test
    void anAdapterAnswersInPlaceOfTheModelAndIsNamed() throws Exception {
        Checkpoint model = Checkpoint.open(Path.of("models/metaie-mini"));
        Path adapter = directory.resolve("mine.safetensors");
        Files.write(adapter, TestAdapters.everyWord(model, "").bytes());
        assertEquals(0, run("--labels", "A", "--adapter", adapter.toString(), "--format", "json", "Ada met Bob"), err::toString);
        JsonNode answer = answers().get(0);
        assertEquals("mine@1", answer.get("adapter").asText());
        assertEquals(List.of("Ada", "met", "Bob"), answer.get("spans").findValuesAsText("text"));
        Files.write(adapter, TestAdapters.everyWord(model, "news").bytes());
        assertEquals(0, run("--adapter", adapter.toString(), "--format", "json", "Ada"), err::toString);
        assertEquals("news@1", answers().get(0).get("adapter").asText());
        assertEquals("Word", answers().get(0).at("/spans/0/label").asText());
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() throws Exception {
        Path adapter = directory.resolve("tiny.safetensors");
        Files.write(adapter, TestAdapters.random(
                Checkpoint.open(Path.of("src/test/resources/checkpoints/tiny-roberta")), 2, 1).bytes());
        failure("--adapter", adapter.toString(), "text", adapter + ": the adapter was trained on a model with the hash ");
    }

    @Test
    void failuresAreSaid() throws IOException {
        Path bad = file("bad.json", "{\"labels\":[{\"name\":\"a\",\"of\":\"b\"}]}");
        failure("--task", bad.toString(), "text", bad.toString());
        failure("--task", directory.resolve("none.json").toString(), "text", "there is no task file");
        failure("--labels", "A", directory.toString(), "is a directory");
        failure("--labels", "A", "--adapter", "some.safetensors", "text", "there is no adapter file some.safetensors");
        failure("--labels", "A", "--adapter", bad.toString(), "text", bad + ": not a whole safetensors file");
        failure("--labels", "A", "--model", directory.toString(), "text", "config.json");
    }

    /** The last argument is what the message says. */
    private void failure(String... arguments) {
        String said = arguments[arguments.length - 1];
        assertEquals(1, run(java.util.Arrays.copyOf(arguments, arguments.length - 1)));
        assertEquals("", out.toString(UTF_8));
        assertTrue(err.toString(UTF_8).startsWith("metaie: ") && err.toString(UTF_8).contains(said), err.toString(UTF_8));
        assertFalse(err.toString(UTF_8).contains("\tat "), err.toString(UTF_8));
    }
}
