package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code adapt} and {@code train} from examples to what can be used, on a model of a few thousand weights. */
class LearningCommandsTest {

    private static final String MODEL = Path.of("src", "test", "resources", "checkpoints", "tiny-roberta").toString();
    private static final String EXAMPLES = """
            {"text": "Zorblax met Quimby.", "labels": ["gadget"], "spans": [{"label": "gadget", "text": "Zorblax"}]}
            {"text": "We bought a Zorblax.", "labels": ["gadget"], "spans": [{"label": "gadget", "start": 12, "end": 19}]}
            """;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String input, String... arguments) {
        out.reset();
        err.reset();
        return MetaieCommand.run(new Terminal(new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, false, UTF_8), new PrintStream(err, true, UTF_8), false, false, false), arguments);
    }

    private String examples() throws IOException {
        return Files.writeString(directory.resolve("few.jsonl"), EXAMPLES).toString();
    }

    @Test
    void anAdapterIsMadeAndAnswers() throws Exception {
        Path adapter = directory.resolve("a.safetensors");
        assertEquals(0, run(EXAMPLES, "adapt", "--model", MODEL, "--examples", "-", "--out", adapter.toString(),
                "--epochs", "2", "--rank", "2"), err::toString);
        assertTrue(err.toString(UTF_8).contains("not gated: too few examples"), err::toString);
        AdapterFile file = AdapterFile.read(Files.readAllBytes(adapter));
        file.checkFits(Checkpoint.open(Path.of(MODEL)));
        assertEquals(2, file.description().rank());
        assertEquals(0, run("", "extract", "--model", MODEL, "--labels", "gadget", "--adapter", adapter.toString(), "--format",
                "json", "Zorblax met Quimby."), err::toString);
        assertTrue(out.toString(UTF_8).contains("\"adapter\":\"a@1\""), out::toString);
    }

    @Test
    void everyWeightIsTrainedAndAnswers() throws Exception {
        Path full = directory.resolve("full");
        assertEquals(0, run("", "adapt", "--model", MODEL, "--examples", examples(), "--out", full.toString(), "--full",
                "--epochs", "2"), err::toString);
        Checkpoint made = Checkpoint.open(full);
        assertTrue(!made.hash().equals(Checkpoint.open(Path.of(MODEL)).hash()), "it learned nothing");
        assertEquals(0, run("", "extract", "--model", full.toString(), "--labels", "gadget", "--format", "json", "Zorblax."),
                err::toString);
        assertTrue(out.toString(UTF_8).contains(made.hash()), out::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"text\": \"Ada.\", \"spans\": [{\"label\": \"gadget\", \"text\": \"Vega\"}]}",
        "{\"text\": \"Ada.\", \"spans\": [{\"label\": \"gadget\", \"start\": 2, \"end\": 99}]}"})
    void faultsNameFileLineAndReason(String line) throws Exception {
        Path file = Files.writeString(directory.resolve("faulty.jsonl"), EXAMPLES + line + "\n");
        for (String[] command : new String[][] {
            {"adapt", "--model", MODEL, "--examples", file.toString(), "--out", directory.resolve("a").toString()},
            {"train", "--backbone", MODEL, "--data", file.toString(), "--out", directory.resolve("t").toString(), "--tokens", "10"}}) {
            assertEquals(1, run("", command), command[0]);
            assertTrue(err.toString(UTF_8).contains(file + ", line 3: "), err::toString);
        }
    }

    @Test
    void aModelIsTrainedAndAnswers() throws Exception {
        Path trained = directory.resolve("trained");
        String[] train = {"train", "--backbone", MODEL, "--data", examples() + ":2", "--out", trained.toString(), "--tokens", "400",
            "--dev", examples()};
        assertEquals(0, run("", train), err::toString);
        assertEquals("", out.toString(UTF_8), "nothing here is a result to be read by a program");
        Checkpoint made = Checkpoint.open(trained);
        assertEquals(0, run("", "extract", "--model", trained.toString(), "--labels", "gadget", "Zorblax met Quimby."),
                err::toString);
        assertTrue(!made.hash().equals(Checkpoint.open(Path.of(MODEL)).hash()), "it learned nothing");
        String[] again = java.util.Arrays.copyOf(train, train.length + 1);
        again[train.length] = "--resume";
        assertEquals(1, run("", again));
        assertTrue(err.toString(UTF_8).contains("no run to go on with"), err::toString);
    }

    @Test
    void wrongUsageIsTold() throws Exception {
        String few = examples();
        assertEquals(2, run("", "adapt", "--examples", few));
        assertEquals(2, run("", "adapt", "--examples", few, "--out", "a", "--rank", "8", "--full"));
        assertEquals(2, run("", "adapt", "--examples", few, "--out", "a", "--epochs", "0"));
        assertEquals(2, run("", "adapt", "--examples", few, "--out", "a", "--holdout", "1.5"));
        assertEquals(2, run("", "train", "--backbone", MODEL, "--data", few));
        assertEquals(2, run("", "train", "--backbone", MODEL, "--data", few, "--out", "t", "--minutes", "1", "--tokens", "1"));
        assertEquals(1, run("", "adapt", "--examples", few, "--out", directory.toString()));
        assertEquals(1, run("{\"text\": \"Ada.\", \"labels\": [\"gadget\"], \"spans\": []}", "adapt", "--model", MODEL, "--examples", "-",
                "--out", directory.resolve("a").toString()));
        assertTrue(err.toString(UTF_8).contains("nothing to learn"), err::toString);
    }
}
