package io.metaie.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.adaptation.GivenExamples;
import io.metaie.label.LabelSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tasks of the documentation are what it says they are. */
class SampleTasksTest {

    private static final Path DOCS = Path.of("docs");

    static List<Path> tasks() throws IOException {
        try (Stream<Path> files = Files.list(DOCS.resolve("tasks"))) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void eachIsATaskAndShown(Path file) throws IOException {
        assertTrue(!TaskFile.read(file).labels().isEmpty());
        assertTrue(Files.readString(DOCS.resolve("tasks.md")).contains("$ ./metaie extract --task " + file), file.toString());
    }

    @Test
    void theExamplesCanBeLearnedFrom() throws IOException {
        LabelSet labels = TaskFile.read(DOCS.resolve("tasks/opinions.json")).labels();
        List<JsonNode> records = new ArrayList<>();
        for (String line : Files.readAllLines(DOCS.resolve("tasks/opinions.examples.jsonl"))) {
            records.add(new JsonMapper().readTree(line));
        }
        GivenExamples examples = GivenExamples.read(records, labels);
        assertEquals(List.of(), examples.faults());
        assertEquals(12, examples.examples().size());
    }
}
