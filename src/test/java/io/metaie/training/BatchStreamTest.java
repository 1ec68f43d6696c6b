package io.metaie.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.adaptation.TrainingRow;
import io.metaie.tagging.FakeEncoder;
import io.metaie.tagging.Tag;
import io.metaie.training.BatchStream.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchStreamTest {

    private static final int TOKENS = 400;

    @TempDir
    Path directory;

    @Test
    void batchesKeepToTheirTokens() throws IOException {
        BatchStream stream = stream(corpus(300, 1), Position.START);
        for (int i = 0; i < 50; i++) {
            List<TrainingRow> batch = stream.next();
            int longest = batch.stream().mapToInt(TrainingRow::length).max().orElseThrow();
            assertTrue(longest * batch.size() <= TOKENS, batch.size() + " rows of up to " + longest);
        }
    }

    @Test
    void goesOnFromAnyPosition() throws IOException {
        Corpus corpus = corpus(120, 1);
        BatchStream whole = stream(corpus, Position.START);
        for (int i = 0; i < 60; i++) {
            Position position = whole.position();
            List<TrainingRow> batch = whole.next();
            assertSame(batch, stream(corpus, position).next(), position.toString());
        }
        assertTrue(whole.position().pass() > 0, "passes were begun anew");
    }

    @Test
    void passesDiffer() throws IOException {
        Corpus corpus = corpus(120, 1);
        BatchStream first = stream(corpus, Position.START);
        BatchStream second = stream(corpus, new Position(1, 0, 0));
        assertTrue(!tokens(first.next()).equals(tokens(second.next())));
    }

    /** A set of weight 2.5 is seen twice, and half of it once more. */
    @Test
    void weightsSayHowOftenASetIsSeen() throws IOException {
        Corpus corpus = corpus(100, 2.5);
        BatchStream stream = stream(corpus, Position.START);
        int sentences = 0;
        List<TrainingRow> batch = stream.next();
        while (stream.position().pass() == 0) {
            sentences += batch.stream().filter(row -> row.tags()[0] == Tag.B).count();
            batch = stream.next();
        }
        assertEquals(250, sentences);
    }

    /** Of every label it has a sentence is asked up to four, and of those it lacks about as many. */
    @Test
    void labelsThatAreMissingAreAskedToo() throws IOException {
        BatchStream stream = stream(corpus(200, 1), Position.START);
        int positive = 0;
        int negative = 0;
        for (int i = 0; i < 20; i++) {
            for (TrainingRow row : stream.next()) {
                boolean found = IntStream.range(0, row.tags().length).anyMatch(word -> row.tags()[word] != Tag.O);
                positive += found ? 1 : 0;
                negative += found ? 0 : 1;
            }
        }
        double share = (double) negative / (positive + negative);
        assertTrue(share > 0.35 && share < 0.55, "share of negatives: " + share);
    }

    @Test
    void negativesComeFromTheSameSourceButNotFromWhatIsFrequentEverywhere() throws IOException {
        Path file = directory.resolve("pools.jsonl");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String source = i % 2 == 0 ? "even" : "odd";
            lines.add("{\"text\": \"name" + i + " is here .\", \"labels\": [\"" + source + " " + i / 2 + "\"], \"spans\":"
                    + " [{\"label\": \"" + source + " " + i / 2 + "\", \"start\": 0, \"end\": " + ("name" + i).length()
                    + "}], \"task\": \"NER\", \"source\": \"" + source + "\"}");
        }
        Files.write(file, lines);
        Corpus corpus = CorpusReader.read(List.of(new WeightedFile(file, 1)));
        Set<Integer> common = Arrays.stream(corpus.common()).boxed().collect(Collectors.toSet());
        assertEquals(150, common.size());
        for (int pool = 0; pool < 2; pool++) {
            Set<String> sources = new HashSet<>();
            for (int label : corpus.pool(pool)) {
                sources.add(corpus.label(label).split(" ")[0]);
                assertTrue(!common.contains(label));
            }
            assertEquals(1, sources.size());
        }
    }

    /** Sentence after sentence another of the labels it lacks is asked, each about as often as the others. */
    @Test
    void labelsThatAreMissingAreAskedInTurn() throws IOException {
        Path file = directory.resolve("lacking.jsonl");
        String labels = IntStream.range(0, 8).mapToObj(i -> "\"lacked" + "x".repeat(i) + "\"").collect(Collectors.joining(", "));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            lines.add("{\"text\": \"Somebody is here .\", \"labels\": [\"A\", " + labels
                    + "], \"spans\": [{\"label\": \"A\", \"start\": 0, \"end\": 8}]}");
        }
        Files.write(file, lines);
        BatchStream stream = stream(CorpusReader.read(List.of(new WeightedFile(file, 1))), Position.START);
        Map<Integer, Integer> asked = new HashMap<>();
        for (List<TrainingRow> batch = stream.next(); stream.position().pass() == 0; batch = stream.next()) {
            batch.stream().filter(row -> row.tags()[0] == Tag.O)
                    .forEach(row -> asked.merge(row.query().tokens()[1], 1, Integer::sum));
        }
        assertEquals(8, asked.size());
        assertTrue(asked.values().stream().allMatch(count -> count > 25), asked.toString());
    }

    @Test
    void dataWithoutAUsableSentenceIsRefused() throws IOException {
        Path file = directory.resolve("short.jsonl");
        Files.writeString(file, "{\"text\": \"One\", \"labels\": [\"A\"], \"spans\": []}\n");
        BatchStream stream = stream(CorpusReader.read(List.of(new WeightedFile(file, 1))), Position.START);
        assertThrows(IllegalStateException.class, stream::next);
    }

    @Test
    void faultsNameFileAndLine() throws IOException {
        Path file = directory.resolve("bad.jsonl");
        Files.writeString(file, "{\"text\": \"Fine text\", \"labels\": [\"A\"]}\n\n{\"text\": \"No span\", \"labels\": [\"A\"],"
                + " \"spans\": [{\"label\": \"A\", \"start\": 0, \"end\": 99}]}\n");
        IOException fault = assertThrows(IOException.class, () -> CorpusReader.read(List.of(new WeightedFile(file, 1))));
        assertTrue(fault.getMessage().startsWith(file + ", line 3: spans[0]"), fault.getMessage());
        Files.writeString(file, "text\n");
        fault = assertThrows(IOException.class, () -> CorpusReader.read(List.of(new WeightedFile(file, 1))));
        assertTrue(fault.getMessage().startsWith(file + ", line 1: not JSON"), fault.getMessage());
    }

    @Test
    void weightsStandBehindAColon() {
        assertEquals(new WeightedFile(Path.of("a.jsonl"), 6), WeightedFile.parse("a.jsonl:6"));
        assertEquals(new WeightedFile(Path.of("a.jsonl"), 1), WeightedFile.parse("a.jsonl"));
        assertEquals(0.5, WeightedFile.parse("c:/a.jsonl.zst:0.5").weight());
        assertThrows(IllegalArgumentException.class, () -> WeightedFile.parse("a.jsonl:0"));
    }

    /** Sentences that begin with a span of a label of their own. */
    private Corpus corpus(int sentences, double weight) throws IOException {
        Path file = directory.resolve("data.jsonl");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < sentences; i++) {
            String name = "name" + i;
            lines.add("{\"text\": \"" + name + " is here" + " again".repeat(i % 13) + " .\", \"labels\": [\"label" + i
                    + "\"], \"spans\": [{\"label\": \"label" + i + "\", \"start\": 0, \"end\": " + name.length() + "}]}");
        }
        Files.write(file, lines);
        return CorpusReader.read(List.of(new WeightedFile(file, weight)));
    }

    private static BatchStream stream(Corpus corpus, Position position) {
        return new BatchStream(corpus, new RowSampler(corpus, new FakeEncoder(512)), TOKENS, 1, position);
    }

    private static void assertSame(List<TrainingRow> expected, List<TrainingRow> actual, String where) {
        assertEquals(tokens(expected), tokens(actual), where);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).tags(), actual.get(i).tags());
        }
    }

    private static List<String> tokens(List<TrainingRow> batch) {
        return batch.stream().map(row -> Arrays.toString(row.query().tokens())).toList();
    }
}
