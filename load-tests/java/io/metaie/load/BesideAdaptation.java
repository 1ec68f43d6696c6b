package io.metaie.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.testing.Control;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What an adaptation costs the stream: a service with more documents waiting than it can answer adapts a task to 20 sentences
 * with 4 labels (gate and final fit); its sentences a second, committed, in a window before, during the adaptation, and in one
 * right after it.
 *
 * <p>{@code load-tests/run BesideAdaptation [TIMES] [SECONDS OF A WINDOW] [DOCUMENTS THAT WAIT]}
 */
public final class BesideAdaptation {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path SENTENCES = Path.of("load-tests", "data", "eval", "wnut17.train.jsonl.zst");
    private static final List<String> LABELS = List.of("Person", "Location", "Group", "Creative work");
    private static final int COUNT = 20;
    /** Sentences after which code is compiled and lanes are full. */
    private static final int WARM = 3_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Service service;

    private BesideAdaptation(Service service) {
        this.service = service;
    }

    public static void main(String... args) throws Exception {
        System.out.println(Machine.describe());
        int times = args.length > 0 ? Integer.parseInt(args[0]) : 2;
        int window = args.length > 1 ? Integer.parseInt(args[1]) : 25;
        int backlog = args.length > 2 ? Integer.parseInt(args[2]) : 80_000;
        ArrayNode examples = examples();
        try (Service service = Service.start(); Control control = new Control(service.bootstrap())) {
            BesideAdaptation load = new BesideAdaptation(service);
            List<String> sentences = Texts.sentences(2_000);
            for (int i = 0; i < backlog; i++) {
                service.send(Texts.document(i, sentences.get(i % sentences.size()), LABELS), System.currentTimeMillis());
            }
            service.flush();
            load.pass(WARM);
            System.out.printf(Locale.ROOT, "%d sentences to learn from, labels %s, %d documents waiting, windows of %d s%n%n"
                            + "| sentences/s before | during | for, s | after | during / mean of before and after | verdict |%n"
                            + "| --- | --- | --- | --- | --- | --- |%n",
                    examples.size(), LABELS, backlog, window);
            for (int i = 0; i < times; i++) {
                load.measure(control, examples, "adaptation-" + i, window);
            }
        }
    }

    private void measure(Control control, ArrayNode examples, String id, int window) throws Exception {
        control.define(id, JSON.writeValueAsString(LABELS));
        double before = over(window);
        ObjectNode command = JSON.createObjectNode().put("type", "adapt").put("task", id).put("commandId", id);
        command.set("examples", examples);
        control.send(JSON.writeValueAsBytes(command));
        control.await("adaptation-started", id, PATIENCE);
        double from = answered();
        long start = System.nanoTime();
        JsonNode end = control.await(event -> event.path("commandId").asText().equals(id)
                && event.path("type").asText().matches("adaptation-(completed|failed)"), "end of " + id, PATIENCE);
        double took = (System.nanoTime() - start) / 1e9;
        double during = (answered() - from) / took;
        double after = over(window);
        System.out.printf(Locale.ROOT, "| %.1f | %.1f | %.1f | %.1f | %.2f | %s |%n", before, during, took, after,
                during / ((before + after) / 2), end.path("type").asText() + ", activated " + end.path("activated").asText());
    }

    private double over(int seconds) throws Exception {
        double from = answered();
        long start = System.nanoTime();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
        return (answered() - from) / ((System.nanoTime() - start) / 1e9);
    }

    private void pass(int sentences) throws Exception {
        double from = answered();
        while (answered() - from < sentences) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private double answered() throws IOException, InterruptedException {
        return service.metrics().getOrDefault("metaie_sentences_total", 0.0);
    }

    /** The first sentences with spans of the labels. */
    private static ArrayNode examples() throws IOException {
        ArrayNode examples = JSON.createArrayNode();
        Set<String> labels = new HashSet<>(LABELS);
        try (TextFile file = TextFiles.open(SENTENCES);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file.content(), StandardCharsets.UTF_8))) {
            while (examples.size() < COUNT) {
                JsonNode read = JSON.readTree(lines.readLine());
                ObjectNode example = JSON.createObjectNode().put("text", read.path("text").asText());
                ArrayNode spans = example.putArray("spans");
                read.path("spans").forEach(span -> {
                    if (labels.contains(span.path("label").asText())) {
                        spans.add(span);
                    }
                });
                if (!spans.isEmpty()) {
                    examples.add(example);
                }
            }
        }
        return examples;
    }
}
