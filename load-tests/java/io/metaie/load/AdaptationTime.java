package io.metaie.load;

import io.metaie.adaptation.Adaptation;
import io.metaie.adaptation.AdaptationListener;
import io.metaie.adaptation.AdaptationOptions;
import io.metaie.adaptation.AdaptationOptions.Activation;
import io.metaie.adaptation.AdaptationResult;
import io.metaie.adaptation.Learner;
import io.metaie.adaptation.LearnerScorer;
import io.metaie.adaptation.LearningSet;
import io.metaie.adaptation.Method;
import io.metaie.adaptation.NumberedExample;
import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.torch.TorchSettings;
import io.metaie.adaptation.torch.TorchSettings.Arithmetic;
import io.metaie.adaptation.torch.TorchTrainer;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.AdapterFile.Description;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.dataset.ExampleReader;
import io.metaie.engine.ModelDirectory;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.evaluation.Selection;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How long an adaptation to 20 sentences with 4 labels takes: one fit of 150 steps by itself, then all of it with the gate,
 * whose verdict comes last; and how large the adapter is. The sentences are the first with spans
 * in the train file of WNUT17. Arguments: threads, then how often.
 */
public final class AdaptationTime {

    private static final Path SENTENCES = Path.of("load-tests", "data", "eval", "wnut17.train.jsonl.zst");
    private static final LabelSet LABELS = LabelSet.of(List.of(
            Label.named("Person"), Label.named("Location"), Label.named("Group"), Label.named("Creative work")));
    private static final int COUNT = 20;
    private static final AdaptationListener QUIET = new AdaptationListener() {
        @Override
        public void progress(int epoch, int epochs, double loss) {
            // Only the time counts.
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    };

    private AdaptationTime() {}

    public static void main(String... args) throws Exception {
        int threads = Integer.parseInt(args[0]);
        int times = Integer.parseInt(args[1]);
        System.out.println(Machine.describe());
        Checkpoint checkpoint = Checkpoint.open(ModelDirectory.BUNDLED);
        Trainer trainer = TorchTrainer.open(
                new TorchSettings(TorchSettings.defaultCache(), threads, Arithmetic.AUTO), System.err::println);
        LearningSet set = LearningSet.of(examples());
        System.out.printf("%s, rank %d, %s, %d threads; %d sentences, %d labels, %d spans%n%n"
                        + "| one fit of 150 steps, s | with the gate, to its verdict, s | the verdict | adapter, bytes |%n"
                        + "| --- | --- | --- | --- |%n",
                checkpoint.id(), Method.Lora.DEFAULT_RANK, trainer.precision(), threads, set.sentences().size(),
                LABELS.labels().size(), set.spans());
        try (Vocabulary vocabulary = Vocabulary.open(checkpoint)) {
            Adaptation adaptation = new Adaptation(trainer, checkpoint, vocabulary, new LearnerScorer(vocabulary, Selection.ALL));
            for (int i = 0; i < times; i++) {
                long start = System.nanoTime();
                adaptation.run(set, options(OptionalDouble.of(0)), Optional.empty(), QUIET, learner -> learner);
                double fit = (System.nanoTime() - start) / 1e9;
                AdaptationResult<Integer> result = adaptation.run(set, options(OptionalDouble.empty()), Optional.empty(),
                        QUIET, learner -> size(checkpoint, learner));
                System.out.printf("| %.1f | %.1f | %s | %,d |%n", fit, result.took().toNanos() / 1e9,
                        result.verdict().reason(), result.model());
            }
        }
    }

    private static AdaptationOptions options(OptionalDouble holdout) {
        return new AdaptationOptions(Method.Lora.ofRank(Method.Lora.DEFAULT_RANK), OptionalInt.empty(),
                OptionalDouble.empty(), 0, holdout, Activation.IF_BETTER);
    }

    private static int size(Checkpoint checkpoint, Learner learner) {
        Method.Lora lora = Method.Lora.ofRank(Method.Lora.DEFAULT_RANK);
        Description description = new Description(checkpoint.hash(), lora.rank(), lora.alpha(), "", "[]");
        return AdapterFile.of(description, learner.weights(ElementType.F16)).bytes().length;
    }

    private static List<NumberedExample> examples() throws Exception {
        List<NumberedExample> examples = new ArrayList<>();
        try (TextFile text = TextFiles.open(SENTENCES)) {
            ExampleReader reader = new ExampleReader(SENTENCES.toString(), text.content(), Optional.empty());
            while (examples.size() < COUNT) {
                Example read = reader.next();
                List<LabelledSpan> spans = read.spans().stream()
                        .filter(span -> LABELS.labels().contains(span.label()))
                        .toList();
                Example example = new Example(read.text(), LABELS, spans);
                if (!spans.isEmpty() && LearningSet.of(List.of(new NumberedExample(0, example))).sentences().size() == 1) {
                    examples.add(new NumberedExample(examples.size(), example));
                }
            }
        }
        return examples;
    }
}
