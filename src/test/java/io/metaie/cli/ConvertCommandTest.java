package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointCopy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;
    private Path examples;

    @BeforeEach
    void write() throws IOException {
        CheckpointCopy.of("tiny-roberta", directory);
        examples = Files.writeString(directory.resolve("examples.jsonl"), """
                {"text":"Ada Lovelace lives in Paris.","labels":["City"],"spans":[{"label":"City","start":22,"end":27}]}
                {"text":"Nobody is here.","labels":["City", "Person"],"spans":[]}
                """);
    }

    private int run(String... args) {
        return MetaieCommand.run(new Terminal(new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, false, UTF_8), new PrintStream(err, true, UTF_8), false, false, false), args);
    }

    @Test
    void calibratesWithoutAVerdict() throws Exception {
        assertEquals(0, run("convert", "--checkpoint", directory.toString(), "--calibrate", examples.toString()),
                err::toString);
        assertTrue(err.toString(UTF_8).contains("auto does not take it, since F1 was not measured"), err::toString);
        ActivationRanges ranges = ActivationRanges.read(Checkpoint.open(directory)).orElseThrow();
        assertFalse(ranges.accepted());
        assertEquals(4 * Checkpoint.open(directory).config().layers(), ranges.ranges().size());
    }

    @Test
    void calibratesAndMeasures() throws Exception {
        assertEquals(0, run("convert", "--checkpoint", directory.toString(), "--calibrate", examples.toString(), "--verify",
                examples.toString(), examples.toString()), err::toString);
        assertTrue(out.toString(UTF_8).contains("examples.jsonl"), out::toString);
        ActivationRanges ranges = ActivationRanges.read(Checkpoint.open(directory)).orElseThrow();
        assertEquals(List.of("examples.jsonl", examples.toString()),
                ranges.accuracy().stream().map(ActivationRanges.Accuracy::set).toList());
    }

    @Test
    void calibratesTheSameTwice() throws Exception {
        String[] command = {"convert", "--checkpoint", directory.toString(), "--calibrate", examples.toString()};
        assertEquals(0, run(command), err::toString);
        String first = Files.readString(directory.resolve(ActivationRanges.FILE));
        assertEquals(0, run(command), err::toString);
        assertEquals(first, Files.readString(directory.resolve(ActivationRanges.FILE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "fp16"})
    void writesTheGraph(String precision) throws IOException {
        Path graph = directory.resolve("graph.onnx");
        assertEquals(0, run("convert", "--checkpoint", directory.toString(), "--out", graph.toString(), "--precision",
                precision), err::toString);
        assertTrue(Files.size(graph) > 100_000);
    }

    @Test
    void aFileWithoutExamplesIsAFault() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.jsonl"), "\n");
        assertEquals(1, run("convert", "--checkpoint", directory.toString(), "--calibrate", empty.toString()));
        assertTrue(err.toString(UTF_8).contains("no examples in " + empty), err::toString);
        assertFalse(Files.exists(directory.resolve(ActivationRanges.FILE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--checkpoint DIR", "--checkpoint DIR --out X --verify X", "--bert X", "--out X",
        "--bert X --out X --calibrate X", "--bert X --checkpoint DIR --out X"})
    void wrongUsageIsToldApart(String options) {
        assertEquals(2, run(("convert " + options).replace("DIR", directory.toString()).split(" ")), err::toString);
    }
}
