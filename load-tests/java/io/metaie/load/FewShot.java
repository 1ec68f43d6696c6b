package io.metaie.load;

import static java.util.Map.entry;

import io.metaie.adaptation.Adaptation;
import io.metaie.adaptation.AdaptationListener;
import io.metaie.adaptation.AdaptationOptions;
import io.metaie.adaptation.AdaptationOptions.Activation;
import io.metaie.adaptation.AdaptationResult;
import io.metaie.adaptation.LearnerScorer;
import io.metaie.adaptation.LearningSet;
import io.metaie.adaptation.Method;
import io.metaie.adaptation.NumberedExample;
import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.torch.TorchSettings;
import io.metaie.adaptation.torch.TorchSettings.Arithmetic;
import io.metaie.adaptation.torch.TorchTrainer;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.dataset.ExampleReader;
import io.metaie.engine.ModelDirectory;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Score;
import io.metaie.evaluation.Scores;
import io.metaie.evaluation.Selection;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Few-shot adaptation of the bundled model beside the figures of the reference implementation: learns from the stored
 * samples (five examples a label) and scores the first 500 sentences of the test files. Nothing is chosen on these. The
 * reference's figures are those of {@code load-tests/reference/fewshot.py} with {@code --limit 500} and the sample's seed:
 * of seed 0 as the bundled model's card has them, of seeds 1 and 2 run on the same machine as this program.
 * Arguments: threads, then {@code lora}, {@code gated} (low-rank too, but with as many steps as the examples themselves
 * say are best, where there are enough of them) or {@code full}, then the checkpoint to begin with ({@code models/metaie-mini}, or
 * what {@code convert --bert} makes, to see what meta-learning is worth), then samples such as {@code wnut17.0}; by default
 * all.
 */
public final class FewShot {

    static final int LIMIT = 500;
    private static final Path DATA = Path.of("load-tests", "data", "eval");
    private static final List<String> SETS = List.of("bc5cdr", "crossner_ai", "phee", "wnut17");
    private static final int SEEDS = 3;
    /** Where the samples stand among the arguments. */
    private static final int SAMPLES = 3;

    /** F1 of PyTorch and transformers from the bare encoder, every weight trained. */
    private static final Map<String, Double> BARE =
            Map.ofEntries(
                    entry("bc5cdr.0", 33.56), entry("bc5cdr.1", 27.64), entry("bc5cdr.2", 37.17),
                    entry("crossner_ai.0", 0.0), entry("crossner_ai.1", 0.0), entry("crossner_ai.2", 0.0),
                    entry("phee.0", 21.40), entry("phee.1", 14.85), entry("phee.2", 4.36),
                    entry("wnut17.0", 0.0), entry("wnut17.1", 0.0), entry("wnut17.2", 0.0));
    /** F1 of PyTorch and transformers from the bundled weights, in percent, by sample: low-rank, then full. */
    private static final Map<String, Double> LORA =
            Map.ofEntries(
                    entry("bc5cdr.0", 50.50), entry("bc5cdr.1", 54.96), entry("bc5cdr.2", 52.34),
                    entry("crossner_ai.0", 44.61), entry("crossner_ai.1", 45.98), entry("crossner_ai.2", 44.66),
                    entry("phee.0", 45.62), entry("phee.1", 44.07), entry("phee.2", 50.09),
                    entry("wnut17.0", 40.71), entry("wnut17.1", 37.88), entry("wnut17.2", 38.64));
    private static final Map<String, Double> FULL =
            Map.of("crossner_ai.0", 46.25, "phee.0", 44.87, "wnut17.0", 38.48);

    private FewShot() {}

    public static void main(String... args) throws Exception {
        int threads = Integer.parseInt(args[0]);
        boolean full = args[1].equals("full");
        OptionalDouble holdout = args[1].equals("gated") ? OptionalDouble.empty() : OptionalDouble.of(0);
        System.out.println(Machine.describe());
        Checkpoint checkpoint = Checkpoint.open(Path.of(args[2]));
        Trainer trainer = TorchTrainer.open(
                new TorchSettings(TorchSettings.defaultCache(), threads, Arithmetic.AUTO), System.err::println);
        System.out.printf("%s, %s, %s, %d threads, 150 steps of 16 rows at most; the first %d sentences of each test file:%n%n"
                        + "| sample | sentences | precision | recall | F1 | reference F1 | difference | last loss | training s |%n"
                        + "| --- | --- | --- | --- | --- | --- | --- | --- | --- |%n",
                checkpoint.id(), args[1], trainer.precision(), threads, LIMIT);
        boolean bundled = Path.of(args[2]).equals(ModelDirectory.BUNDLED);
        Map<String, Double> references = !bundled ? BARE : full ? FULL : LORA;
        try (Vocabulary vocabulary = Vocabulary.open(checkpoint)) {
            Adaptation adaptation =
                    new Adaptation(trainer, checkpoint, vocabulary, new LearnerScorer(vocabulary, Selection.ALL));
            for (String sample : samples(args)) {
                run(adaptation, vocabulary, sample, full, holdout, references);
            }
        }
    }

    private static List<String> samples(String... args) {
        if (args.length > SAMPLES) {
            return List.of(args).subList(SAMPLES, args.length);
        }
        List<String> samples = new ArrayList<>();
        for (String set : SETS) {
            for (int seed = 0; seed < SEEDS; seed++) {
                samples.add(set + "." + seed);
            }
        }
        return samples;
    }

    private static void run(Adaptation adaptation, Vocabulary vocabulary, String sample, boolean full,
            OptionalDouble holdout, Map<String, Double> references) throws Exception {
        Method method = full ? new Method.Full() : Method.Lora.ofRank(Method.Lora.DEFAULT_RANK);
        Learned learned = learn(adaptation, vocabulary, sample, method, holdout, LIMIT);
        Score micro = learned.micro();
        Optional<Double> reference = Optional.ofNullable(references.get(sample));
        System.out.printf("| %s | %d | %.2f | %.2f | %.2f | %s | %s | %.4f | %.1f |%n", sample, learned.sentences(),
                100 * micro.precision(), 100 * micro.recall(), 100 * micro.f1(),
                reference.map(f1 -> String.format("%.2f", f1)).orElse(""),
                reference.map(f1 -> String.format("%+.2f", 100 * micro.f1() - f1)).orElse(""), learned.loss(), learned.seconds());
    }

    /**
     * What came of a sample.
     *
     * @param sentences how many were learned from
     * @param micro on the test file's first sentences
     * @param loss of the last epoch
     * @param seconds of training
     */
    record Learned(int sentences, Score micro, double loss, double seconds) {}

    /**
     * Learns from a sample, whose number is the seed, and scores what was learned.
     *
     * @param limit how many sentences of the test file are scored, from its first on
     */
    static Learned learn(Adaptation adaptation, Vocabulary vocabulary, String sample, Method method, OptionalDouble holdout,
            int limit) throws Exception {
        String set = sample.substring(0, sample.indexOf('.'));
        List<NumberedExample> examples = new ArrayList<>();
        read(DATA.resolve("fewshot").resolve(sample + ".jsonl"), Integer.MAX_VALUE)
                .forEach(example -> examples.add(new NumberedExample(examples.size(), example)));
        List<Example> test = read(DATA.resolve(set + ".test.jsonl.zst"), limit);
        LearningSet learned = LearningSet.of(examples);
        long seed = Long.parseLong(sample.substring(sample.indexOf('.') + 1));
        AdaptationOptions options = new AdaptationOptions(method, OptionalInt.empty(), OptionalDouble.empty(), seed,
                holdout, Activation.ALWAYS);
        Loss loss = new Loss();
        long[] trained = new long[1];
        long start = System.nanoTime();
        AdaptationResult<Scores> result = adaptation.run(learned, options, Optional.empty(), loss, learner -> {
            trained[0] = System.nanoTime() - start;
            Scores.Tally tally = new Scores.Tally();
            new LearnerScorer(vocabulary, Selection.ALL).count(learner, test, tally);
            return tally.scores();
        });
        return new Learned(learned.sentences().size(), result.model().micro(), loss.last, trained[0] / 1e9);
    }

    static List<Example> read(Path file, int limit) throws IOException {
        List<Example> examples = new ArrayList<>();
        try (TextFile text = TextFiles.open(file)) {
            ExampleReader reader = new ExampleReader(file.toString(), text.content(), Optional.empty());
            while (examples.size() < limit && reader.hasNext()) {
                examples.add(reader.next());
            }
        }
        return examples;
    }

    /** Remembers the loss of the last epoch. */
    static final class Loss implements AdaptationListener {

        private double last;

        @Override
        public void progress(int epoch, int epochs, double loss) {
            last = loss;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }
}
