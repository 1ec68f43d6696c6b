package io.metaie.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.adaptation.Learner;
import io.metaie.adaptation.LearnerSettings;
import io.metaie.adaptation.Method;
import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.TrainingFailedException;
import io.metaie.adaptation.TrainingRow;
import io.metaie.adaptation.TrainingRows;
import io.metaie.adaptation.torch.TorchSettings;
import io.metaie.adaptation.torch.TorchSettings.Arithmetic;
import io.metaie.adaptation.torch.TorchTrainer;
import io.metaie.checkpoint.Backbone;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.dataset.ExampleReader;
import io.metaie.evaluation.Example;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.training.MetaTrainingSettings;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Training of every weight, beside PyTorch from Python with bf16 autocast: the same batches of about 4,096 tokens with
 * padding, the same threads, in turns, so that both have the machine to themselves. The rows are those of the distilled
 * sentences, sorted by length as training sorts them. Arguments: the Python with
 * {@code load-tests/reference/requirements.txt}, the encoder that {@code convert --bert} makes, threads, pairs of turns,
 * batches a turn.
 */
public final class TrainingSpeed {

    private static final Path DATA = Path.of("models", "data", "distilled.jsonl.zst");
    private static final Path PROGRAM = Path.of("load-tests", "reference", "steps.py");
    private static final int SENTENCES = 600;
    private static final double RATE = 1e-4;
    private static final double BETA2 = 0.98;
    private static final int IGNORED = -100;

    private TrainingSpeed() {}

    public static void main(String... args) throws Exception {
        Path encoder = Path.of(args[1]);
        int threads = Integer.parseInt(args[2]);
        int pairs = Integer.parseInt(args[3]);
        System.out.println(Machine.describe());
        Backbone backbone = Backbone.open(encoder);
        Trainer trainer = TorchTrainer.open(
                new TorchSettings(TorchSettings.defaultCache(), threads, Arithmetic.AUTO), System.err::println);
        LearnerSettings settings =
                new LearnerSettings(new Method.Full(), LearnerSettings.DEFAULT_DROPOUT, BETA2, 1);
        try (Vocabulary vocabulary = backbone.vocabulary();
                Learner learner = trainer.learner(backbone.config(), backbone::tensor, settings)) {
            List<List<TrainingRow>> batches = batches(vocabulary, Integer.parseInt(args[4]));
            long tokens = batches.stream().mapToLong(TrainingSpeed::padded).sum();
            System.out.printf("%s, %s, %d threads; %d batches of %s rows, %,d tokens with padding%n%n"
                            + "| pair | Java, tokens/s | PyTorch, tokens/s | ratio |%n| --- | --- | --- | --- |%n",
                    encoder, trainer.precision(), threads, batches.size(),
                    batches.stream().map(List::size).toList(), tokens);
            try (Reference reference = new Reference(args[0], encoder, threads, batches, backbone.config().pad())) {
                step(learner, batches); // the first turn of each warms up
                reference.step();
                double[] ratios = new double[pairs];
                for (int i = 0; i < pairs; i++) {
                    double ours = tokens / step(learner, batches);
                    double theirs = tokens / reference.step();
                    ratios[i] = ours / theirs;
                    System.out.printf("| %d | %,.0f | %,.0f | %.2f |%n", i + 1, ours, theirs, ratios[i]);
                }
                System.out.printf("%nmedian ratio %.2f%n", Machine.median(ratios));
            }
        }
    }

    /** The seconds of a step on each batch. */
    private static double step(Learner learner, List<List<TrainingRow>> batches) throws TrainingFailedException {
        long start = System.nanoTime();
        for (List<TrainingRow> batch : batches) {
            learner.step(batch, RATE);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static long padded(List<TrainingRow> batch) {
        return (long) batch.size() * batch.stream().mapToInt(TrainingRow::length).max().orElseThrow();
    }

    /** Some of the batches that training would make, of all lengths. */
    private static List<List<TrainingRow>> batches(Vocabulary vocabulary, int count) throws IOException {
        List<Example> sentences = new ArrayList<>();
        try (TextFile text = TextFiles.open(DATA)) {
            ExampleReader reader = new ExampleReader(DATA.toString(), text.content(), Optional.empty());
            while (sentences.size() < SENTENCES && reader.hasNext()) {
                sentences.add(reader.next());
            }
        }
        List<TrainingRow> rows = new ArrayList<>(new TrainingRows(vocabulary).of(sentences));
        rows.sort(Comparator.comparingInt(TrainingRow::length));
        List<List<TrainingRow>> batches = new ArrayList<>();
        List<TrainingRow> batch = new ArrayList<>();
        for (TrainingRow row : rows) {
            if ((batch.size() + 1) * row.length() > MetaTrainingSettings.STEP_TOKENS) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(row);
        }
        Collections.shuffle(batches, new Random(1));
        return batches.subList(0, Math.min(count, batches.size()));
    }

    /** PyTorch in a process of its own, which waits while it is not its turn. */
    private static final class Reference implements AutoCloseable {

        private static final ObjectMapper JSON = new ObjectMapper();

        private final Process process;
        private final BufferedWriter to;
        private final BufferedReader from;

        Reference(String python, Path encoder, int threads, List<List<TrainingRow>> batches, int pad) throws IOException {
            ProcessBuilder builder =
                    new ProcessBuilder(python, PROGRAM.toString(), encoder.toString(), String.valueOf(threads));
            builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
            builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
            process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            to = process.outputWriter();
            from = process.inputReader();
            ObjectNode given = JSON.createObjectNode().put("pad", pad);
            ArrayNode list = given.putArray("batches");
            for (List<TrainingRow> batch : batches) {
                ObjectNode node = list.addObject();
                ArrayNode ids = node.putArray("ids");
                ArrayNode targets = node.putArray("targets");
                batch.forEach(row -> {
                    Arrays.stream(row.query().tokens()).forEach(ids.addArray()::add);
                    Arrays.stream(targets(row)).forEach(targets.addArray()::add);
                });
            }
            say(given.toString());
            answer();
        }

        private static int[] targets(TrainingRow row) {
            int[] targets = new int[row.length()];
            Arrays.fill(targets, IGNORED);
            for (int word = 0; word < row.tags().length; word++) {
                targets[row.query().firsts()[word]] = row.tags()[word];
            }
            return targets;
        }

        /** The seconds of a step on each batch. */
        double step() throws IOException {
            say("step");
            return Double.parseDouble(answer());
        }

        private void say(String line) throws IOException {
            to.write(line);
            to.newLine();
            to.flush();
        }

        private String answer() throws IOException {
            String line = from.readLine();
            if (line == null) {
                throw new IOException("the reference ended before it answered");
            }
            return line;
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
