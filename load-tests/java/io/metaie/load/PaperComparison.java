package io.metaie.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.adaptation.Adaptation;
import io.metaie.adaptation.Learner;
import io.metaie.adaptation.LearnerScorer;
import io.metaie.adaptation.Method;
import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.torch.TorchSettings;
import io.metaie.adaptation.torch.TorchSettings.Arithmetic;
import io.metaie.adaptation.torch.TorchTrainer;
import io.metaie.checkpoint.Backbone;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.evaluation.Selection;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.load.FewShot.Learned;
import io.metaie.training.MetaTraining;
import io.metaie.training.MetaTrainingSettings;
import io.metaie.training.MetaTrainingSettings.Progress;
import io.metaie.training.WeightedFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The paper's comparison of meta-models, with the data of this project: each is the same encoder trained on as many tokens of
 * other data, then fine-tuned (every weight) on five examples a label. Every model and every cell that is finished is kept, so
 * that a run goes on where the last one ended.
 *
 * <p>{@code load-tests/run PaperComparison ENCODER WORK RESULTS.jsonl TOKENS THREADS SETS SEEDS LIMIT [MODEL…]}: the encoder
 * that {@code convert --bert} makes; where checkpoints are put; where cells are appended, one a line; tokens a model, padding
 * counted; threads; sets and seeds with commas between; sentences of each test file that are scored; models, by default all.
 */
public final class PaperComparison {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path DATA = Path.of("models", "data");
    private static final double RATE = 3e-4;
    private static final long SEED = 1;
    /** A label is entity-like when so many of its spans begin with a capital letter. */
    private static final double ENTITY_LIKE = 0.75;
    private static final int WORK = 1;
    private static final int RESULTS = 2;
    private static final int TOKENS = 3;
    private static final int THREADS = 4;
    private static final int SETS = 5;
    private static final int SEEDS = 6;
    private static final int LIMIT = 7;
    private static final int MODELS = 8;

    private final Path encoder;
    private final Path work;
    private final Path results;
    private final long tokens;
    private final int limit;
    private final Trainer trainer;

    private PaperComparison(Path encoder, Path work, Path results, long tokens, int limit, Trainer trainer) {
        this.encoder = encoder;
        this.work = work;
        this.results = results;
        this.tokens = tokens;
        this.limit = limit;
        this.trainer = trainer;
    }

    public static void main(String... args) throws Exception {
        Trainer trainer = TorchTrainer.open(new TorchSettings(
                TorchSettings.defaultCache(), Integer.parseInt(args[THREADS]), Arithmetic.AUTO), System.err::println);
        PaperComparison comparison = new PaperComparison(Path.of(args[0]), Files.createDirectories(Path.of(args[WORK])),
                Path.of(args[RESULTS]), Long.parseLong(args[TOKENS]), Integer.parseInt(args[LIMIT]), trainer);
        System.out.println(Machine.describe());
        Map<String, List<WeightedFile>> models = comparison.models();
        List<String> chosen = args.length > MODELS ? List.of(args).subList(MODELS, args.length) : List.copyOf(models.keySet());
        List<String> samples = new ArrayList<>();
        for (String set : args[SETS].split(",")) {
            for (String seed : args[SEEDS].split(",")) {
                samples.add(set + "." + seed);
            }
        }
        for (String model : chosen) {
            comparison.fill(model, models.get(model), samples);
        }
        comparison.table(chosen, samples);
    }

    /** What each model learns from; nothing, and it is the encoder itself. */
    private Map<String, List<WeightedFile>> models() throws IOException {
        WeightedFile human = new WeightedFile(DATA.resolve("meta-train.jsonl.zst"), 1);
        Path distilled = DATA.resolve("distilled.jsonl.zst");
        List<JsonNode> all = new ArrayList<>();
        try (TextFile file = TextFiles.open(distilled);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file.content(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                all.add(JSON.readTree(line));
            }
        }
        List<JsonNode> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(SEED));
        Map<String, List<WeightedFile>> models = new LinkedHashMap<>();
        models.put("vanilla", List.of());
        models.put("multi-task", List.of(human));
        models.put("single-task", List.of(file("entities", entities(all))));
        models.put("metaie", List.of(new WeightedFile(distilled, 1)));
        models.put("mix", List.of(human, new WeightedFile(distilled, 6)));
        models.put("metaie-half", List.of(file("half", shuffled.subList(0, all.size() / 2))));
        models.put("metaie-quarter", List.of(file("quarter", shuffled.subList(0, all.size() / 4))));
        return models;
    }

    private WeightedFile file(String name, List<JsonNode> examples) throws IOException {
        Path file = work.resolve(name + ".jsonl");
        Files.write(file, examples.stream().map(JsonNode::toString).toList());
        return new WeightedFile(file, 1);
    }

    /** The sentences with entity-like labels, with these alone. */
    private static List<JsonNode> entities(List<JsonNode> examples) {
        Map<String, int[]> counts = new HashMap<>();
        for (JsonNode example : examples) {
            for (JsonNode span : example.path("spans")) {
                int[] count = counts.computeIfAbsent(span.path("label").asText().toLowerCase(Locale.ROOT), any -> new int[2]);
                String text = example.path("text").asText();
                count[Character.isUpperCase(text.codePointAt(text.offsetByCodePoints(0, span.path("start").asInt()))) ? 0 : 1]++;
            }
        }
        List<JsonNode> entities = new ArrayList<>();
        for (JsonNode example : examples) {
            ObjectNode kept = example.deepCopy();
            ArrayNode spans = kept.putArray("spans");
            ArrayNode labels = kept.putArray("labels");
            example.path("spans").forEach(span -> {
                int[] count = counts.get(span.path("label").asText().toLowerCase(Locale.ROOT));
                if (count[0] >= ENTITY_LIKE * (count[0] + count[1])) {
                    spans.add(span);
                    if (Stream.iterate(0, i -> i < labels.size(), i -> i + 1).noneMatch(i -> labels.get(i).equals(span.path("label")))) {
                        labels.add(span.path("label"));
                    }
                }
            });
            if (!spans.isEmpty()) {
                entities.add(kept);
            }
        }
        return entities;
    }

    private void fill(String model, List<WeightedFile> data, List<String> samples) throws Exception {
        Map<String, Double> done = cells(model);
        if (done.keySet().containsAll(samples)) {
            return;
        }
        Path checkpoint = data.isEmpty() ? encoder : train(model, data);
        Checkpoint opened = Checkpoint.open(checkpoint);
        try (Vocabulary vocabulary = Vocabulary.open(opened)) {
            Adaptation adaptation = new Adaptation(trainer, opened, vocabulary, new LearnerScorer(vocabulary, Selection.ALL));
            for (String sample : samples) {
                if (!done.containsKey(sample)) {
                    Learned learned = FewShot.learn(adaptation, vocabulary, sample, new Method.Full(), OptionalDouble.of(0),
                            limit);
                    ObjectNode cell = JSON.createObjectNode().put("model", model).put("sample", sample)
                            .put("tokens", data.isEmpty() ? 0 : tokens).put("precision", learned.micro().precision())
                            .put("recall", learned.micro().recall()).put("f1", learned.micro().f1())
                            .put("test", limit).put("arithmetic", String.valueOf(trainer.precision()));
                    Files.writeString(results, cell + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    System.err.println(cell);
                }
            }
        }
    }

    private Path train(String model, List<WeightedFile> data) throws Exception {
        Path out = work.resolve(model + "-" + tokens);
        boolean begun = MetaTraining.wasBegun(out);
        if (Files.exists(out.resolve("model.safetensors")) && !begun) {
            return out;
        }
        Backbone backbone = Backbone.open(encoder);
        try (Vocabulary vocabulary = backbone.vocabulary()) {
            MetaTraining training = MetaTraining.of(trainer, backbone, vocabulary, data,
                    new MetaTrainingSettings(Optional.empty(), OptionalLong.of(tokens), RATE, SEED), out);
            System.err.printf("%s: %,d sentences, %,d tokens%n", model, training.sentences(), tokens);
            training.run(begun, new Quiet());
        }
        return out;
    }

    private Map<String, Double> cells(String model) throws IOException {
        Map<String, Double> cells = new HashMap<>();
        if (Files.exists(results)) {
            for (String line : Files.readAllLines(results)) {
                JsonNode cell = JSON.readTree(line);
                boolean same = cell.path("tokens").asLong() == (model.equals("vanilla") ? 0 : tokens)
                        && cell.path("test").asInt() == limit;
                if (cell.path("model").asText().equals(model) && same) {
                    cells.put(cell.path("sample").asText(), cell.path("f1").asDouble());
                }
            }
        }
        return cells;
    }

    private void table(List<String> models, List<String> samples) throws IOException {
        System.out.printf("%,d tokens a model; F1 in percent on the first %d sentences%n%n| model | %s | mean |%n| --- |%s --- |%n",
                tokens, limit, String.join(" | ", samples), " --- |".repeat(samples.size()));
        for (String model : models) {
            Map<String, Double> cells = cells(model);
            System.out.printf("| %s | %s | %.2f |%n", model,
                    String.join(" | ", samples.stream().map(s -> String.format(Locale.ROOT, "%.2f", 100 * cells.get(s))).toList()),
                    100 * samples.stream().mapToDouble(cells::get).average().orElse(0));
        }
    }

    /** Says nothing but, now and then, how far it is. */
    private static final class Quiet implements MetaTraining.Listener {

        private static final int EVERY = 50;

        @Override
        public void stepDone(Progress progress, double done, double loss, double learningRate) {
            if (progress.steps() % EVERY == 0) {
                System.err.printf(Locale.ROOT, "  step %d, %.0f %%, loss %.4f%n", progress.steps(), 100 * done, loss);
            }
        }

        @Override
        public void betweenSteps(Learner learner) {
            // Nothing is measured on the way.
        }

        @Override
        public void saved(Progress progress) {
            System.err.println("  saved");
        }
    }
}
