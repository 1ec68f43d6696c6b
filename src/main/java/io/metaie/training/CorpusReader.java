package io.metaie.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.metaie.dataset.ExampleJson;
import io.metaie.dataset.InvalidExampleException;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.label.Label;
import io.metaie.training.Corpus.DataSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads data to learn from: JSON Lines of {@code {"text", "labels", "spans", "task"?, "source"?}}. Sentences of a task
 * share their labels with those of the same source. Labels that are of another are passed over.
 */
final class CorpusReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Corpus.Builder corpus = new Corpus.Builder();
    private final ExampleJson examples = new ExampleJson(Optional.empty());

    private CorpusReader() {}

    /**
     * Reads files.
     *
     * @throws IOException when one cannot be read or a line is no example; the message names file, line and reason
     */
    static Corpus read(List<WeightedFile> files) throws IOException {
        CorpusReader reader = new CorpusReader();
        for (WeightedFile file : files) {
            List<TrainingRecord> records = reader.records(file.file());
            if (records.isEmpty()) {
                throw new IOException("no examples in " + file.file());
            }
            reader.corpus.add(new DataSet(records, file.weight()));
        }
        return reader.corpus.build();
    }

    private List<TrainingRecord> records(Path file) throws IOException {
        List<TrainingRecord> records = new ArrayList<>();
        long number = 0;
        try (TextFile text = TextFiles.open(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(text.content(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    records.add(record(JSON.readTree(line), file));
                }
            }
        } catch (InvalidExampleException e) {
            throw new IOException(file + ", line " + number + ": " + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new IOException(file + ", line " + number + ": not JSON: " + e.getOriginalMessage(), e);
        }
        return records;
    }

    private TrainingRecord record(JsonNode json, Path file) throws InvalidExampleException {
        Example example = examples.read(json);
        Map<Label, Integer> places = new LinkedHashMap<>();
        example.labels().roots().forEach(label -> places.put(label, places.size()));
        int[] labels = places.keySet().stream().mapToInt(label -> corpus.label(label.name())).toArray();
        List<LabelledSpan> spans = example.spans().stream().filter(span -> places.containsKey(span.label())).toList();
        int[] numbers = new int[3 * spans.size()];
        for (int i = 0; i < spans.size(); i++) {
            numbers[3 * i] = places.get(spans.get(i).label());
            numbers[3 * i + 1] = spans.get(i).start();
            numbers[3 * i + 2] = spans.get(i).end();
        }
        String pool = json.path("task").asText("").isEmpty() ? Corpus.OPEN : json.path("source").asText(file.toString());
        return new TrainingRecord(example.text(), labels, numbers, corpus.pool(pool, labels));
    }
}
