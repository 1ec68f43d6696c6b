package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the bundled model, in this process. */
class EvaluateCommandTest {

    private static final String PROPBANK = "load-tests/data/eval/propbank_ewt.test.jsonl.zst";
    private static final String EXAMPLE = "{\"text\":\"Ada Lovelace lives in Paris.\",\"spans\":"
            + "[{\"label\":\"Person\",\"start\":0,\"end\":12}]}\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String input, String... args) {
        return MetaieCommand.run(new Terminal(new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, false, UTF_8), new PrintStream(err, true, UTF_8), false, false, false), args);
    }

    @Test
    void reachesTheFiguresOfTheReferenceImplementation() throws IOException {
        System.setProperty("metaie.precision", "fp32"); // as the reference
        try {
            assertEquals(0, run("", "evaluate", "--data", PROPBANK, "--limit", "500", "--format", "json"), err::toString);
        } finally {
            System.clearProperty("metaie.precision");
        }
        JsonNode scores = new ObjectMapper().readTree(out.toByteArray());
        assertEquals(3061, scores.at("/micro/support").asInt());
        assertEquals(0.8377, scores.at("/micro/precision").asDouble(), 0.002);
        assertEquals(0.8396, scores.at("/micro/recall").asDouble(), 0.002);
        assertEquals(0.8386, scores.at("/micro/f1").asDouble(), 0.002);
        assertEquals(0, scores.get("unreachable").asInt());
        assertEquals(3061, scores.at("/macro/support").asInt());
        assertTrue(scores.at("/labels/Predicate/f1").asDouble() > 0.8);
    }

    @Test
    void writesATableForPeople(@TempDir Path directory) throws IOException {
        Path task = Files.writeString(directory.resolve("task.json"), "{\"labels\": [\"Person\", \"Planet\"]}");
        assertEquals(0, run(EXAMPLE, "evaluate", "--data", "-", "--task", task.toString()), err::toString);
        String[] lines = out.toString(UTF_8).split("\\R");
        assertEquals("label   precision  recall      F1  support", lines[0]);
        assertTrue(lines[1].startsWith("Person ") && lines[2].startsWith("Planet "), out::toString);
        assertTrue(lines[3].startsWith("micro ") && lines[4].startsWith("macro "), out::toString);
        assertTrue(lines[5].startsWith("0 annotated spans are unreachable"), out::toString);
        assertTrue(err.toString(UTF_8).contains("1 sentences in "), err::toString);
    }

    @Test
    void measuresAnAdapter(@TempDir Path directory) throws Exception {
        Path adapter = directory.resolve("all.safetensors");
        Checkpoint model = Checkpoint.open(Path.of("models/metaie-mini"));
        Files.write(adapter, TestAdapters.everyWord(model, "words").bytes());
        String example = "{\"text\":\"Ada met Bob\",\"labels\":[\"Word\"],\"spans\":[{\"label\":\"Word\",\"start\":0,\"end\":3}]}\n";
        assertEquals(0, run(example, "evaluate", "--data", "-", "--adapter", adapter.toString(), "--format", "json"),
                err::toString);
        JsonNode scores = new ObjectMapper().readTree(out.toByteArray());
        assertEquals(1.0 / 3, scores.at("/micro/precision").asDouble(), 1e-9);
        assertEquals(1, scores.at("/micro/recall").asDouble());
        assertTrue(err.toString(UTF_8).contains("evaluated " + model.id() + " with words@1: "), err::toString);
    }

    /** Each word is both; the label asked first keeps it. */
    @Test
    void obeysTheTask(@TempDir Path directory) throws Exception {
        Path adapter = directory.resolve("all.safetensors");
        Files.write(adapter, TestAdapters.everyWord(Checkpoint.open(Path.of("models/metaie-mini")), "words").bytes());
        String example = "{\"text\":\"Ada met Bob\",\"spans\":[{\"label\":\"Word\",\"start\":0,\"end\":3}]}\n";
        double[] precisions = new double[3];
        String[] settings = {"", ", \"exclusive\": true", ", \"threshold\": 1"};
        for (int i = 0; i < settings.length; i++) {
            Path task = Files.writeString(directory.resolve("task.json"),
                    "{\"labels\": [\"Word\", \"Thing\"]" + settings[i] + "}");
            out.reset();
            assertEquals(0, run(example, "evaluate", "--data", "-", "--task", task.toString(), "--adapter",
                    adapter.toString(), "--format", "json"), err::toString);
            precisions[i] = new ObjectMapper().readTree(out.toByteArray()).at("/micro/precision").asDouble();
        }
        assertEquals(1.0 / 6, precisions[0], 1e-9);
        assertEquals(1.0 / 3, precisions[1], 1e-9);
        assertEquals(0, precisions[2], "nothing is quite sure");
    }

    @Test
    void saysWhatIsWrongWithTheData(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("faulty.jsonl"), EXAMPLE + "{\"text\":");
        assertEquals(1, run("", "evaluate", "--data", file.toString()));
        assertTrue(err.toString(UTF_8).startsWith("metaie: " + file + ", line 2: not JSON"), err::toString);
        err.reset();
        assertEquals(1, run("", "evaluate", "--data", directory.resolve("none.jsonl").toString()));
        assertTrue(err.toString(UTF_8).startsWith("metaie: there is no file "), err::toString);
        err.reset();
        assertEquals(1, run("\n", "evaluate", "--data", "-"));
        assertTrue(err.toString(UTF_8).startsWith("metaie: no examples in -"), err::toString);
        assertEquals("", out.toString(UTF_8));
    }

    @Test
    void wrongUsageIsTold() {
        assertEquals(2, run("", "evaluate"));
        assertEquals(2, run("", "evaluate", "--data", "-", "--limit", "0"));
        assertEquals(2, run("", "evaluate", "--data", "-", "--threshold", "1.5"));
        assertEquals(2, run("", "evaluate", "--data", "-", "--threshold", "NaN"));
        assertEquals(2, run("", "evaluate", "--data", "-", "--format", "xml"));
        assertEquals("", out.toString(UTF_8));
    }
}
