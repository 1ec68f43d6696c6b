package io.metaie.load;

import io.metaie.adaptation.Adaptation;
import io.metaie.adaptation.AdaptationOptions;
import io.metaie.adaptation.AdaptationOptions.Activation;
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
import io.metaie.distillation.TaskExamples;
import io.metaie.engine.ModelDirectory;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.Score;
import io.metaie.evaluation.Scores;
import io.metaie.evaluation.Selection;
import io.metaie.files.TextFiles;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/**
 * Whether labels that a teacher did not use for a sentence are worth asking as negatives when a task learns from its examples:
 * the task of WNUT17 from the distilled sentences, mapped, with none of them, and with a share of them; scored on the first 500
 * sentences of the test file. Negatives are drawn in sentences that have a span of another label of the task.
 *
 * <p>{@code load-tests/run TeacherNegatives THREADS SENTENCES SEED SHARE…}: a share below 0 does not learn at all.
 */
public final class TeacherNegatives {

    private static final Path DATA = Path.of("models", "data", "distilled.jsonl.zst");
    private static final Map<String, String> MAPPING = Map.ofEntries(Map.entry("Person", "Person"), Map.entry("Athlete", "Person"),
            Map.entry("Actor", "Person"), Map.entry("Politician", "Person"), Map.entry("Location", "Location"),
            Map.entry("City", "Location"), Map.entry("Country", "Location"), Map.entry("Company", "Corporation"),
            Map.entry("Product", "Product"), Map.entry("Band", "Group"), Map.entry("Sports team", "Group"),
            Map.entry("Book", "Creative work"), Map.entry("Film", "Creative work"), Map.entry("Song", "Creative work"));
    private static final LabelSet TASK = LabelSet.of(
            List.of("Corporation", "Creative work", "Group", "Location", "Person", "Product").stream().map(Label::named).toList());

    private TeacherNegatives() {}

    public static void main(String... args) throws Exception {
        System.out.println(Machine.describe());
        int sentences = Integer.parseInt(args[1]);
        long seed = Long.parseLong(args[2]);
        TaskExamples picked = new TaskExamples(TASK, MAPPING, sentences);
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(TextFiles.open(DATA).content(), StandardCharsets.UTF_8))) {
            int time = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                picked.add(line.getBytes(StandardCharsets.UTF_8), time++);
            }
        }
        List<Example> test = FewShot.read(Path.of("load-tests", "data", "eval", "wnut17.test.jsonl.zst"), FewShot.LIMIT);
        Trainer trainer = TorchTrainer.open(new TorchSettings(
                TorchSettings.defaultCache(), Integer.parseInt(args[0]), Arithmetic.AUTO), System.err::println);
        Checkpoint checkpoint = Checkpoint.open(ModelDirectory.BUNDLED);
        System.out.printf("%d sentences, seed %d%n%n| negatives asked | rows | precision | recall | F1 |%n| --- | --- | --- | --- | --- |%n",
                picked.examples().size(), seed);
        try (Vocabulary vocabulary = Vocabulary.open(checkpoint)) {
            LearnerScorer scorer = new LearnerScorer(vocabulary, Selection.ALL);
            Adaptation adaptation = new Adaptation(trainer, checkpoint, vocabulary, scorer);
            for (String share : List.of(args).subList(3, args.length)) {
                List<NumberedExample> learned = asked(picked.examples(), Double.parseDouble(share), new Random(seed));
                int rows = learned.stream().mapToInt(one -> one.example().labels().labels().size()).sum();
                AdaptationOptions options = new AdaptationOptions(Method.Lora.ofRank(Method.Lora.DEFAULT_RANK), OptionalInt.empty(),
                        OptionalDouble.of(share.startsWith("-") ? 1e-12 : 2e-3), seed, OptionalDouble.of(0), Activation.ALWAYS);
                Score micro = adaptation.run(LearningSet.of(learned), options, Optional.empty(), new FewShot.Loss(), learner -> {
                    Scores.Tally tally = new Scores.Tally();
                    scorer.count(learner, test, tally);
                    return tally.scores();
                }).model().micro();
                System.out.printf("| %s | %d | %.2f | %.2f | %.2f |%n", share.startsWith("-") ? "not adapted" : share, rows,
                        100 * micro.precision(), 100 * micro.recall(), 100 * micro.f1());
            }
        }
    }

    private static List<NumberedExample> asked(List<Example> examples, double share, Random random) {
        List<NumberedExample> asked = new ArrayList<>();
        for (Example example : examples) {
            Set<Label> labels = new LinkedHashSet<>(example.labels().labels());
            for (Label label : TASK.labels()) {
                if (random.nextDouble() < share) {
                    labels.add(label);
                }
            }
            asked.add(new NumberedExample(asked.size(), new Example(example.text(), LabelSet.of(List.copyOf(labels)), example.spans())));
        }
        return asked;
    }
}
