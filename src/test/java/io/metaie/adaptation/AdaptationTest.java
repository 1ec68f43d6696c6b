package io.metaie.adaptation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.adaptation.AdaptationOptions.Activation;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.evaluation.Example;
import io.metaie.evaluation.LabelledSpan;
import io.metaie.evaluation.Selection;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.onnx.Cases;
import io.metaie.tagging.FakeEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdaptationTest {

    private static final Label ROCKET = Label.named("Rocket");
    private static final LabelSet LABELS = LabelSet.of(List.of(ROCKET, Label.named("Person")));
    private static final FakeEncoder ENCODER = new FakeEncoder(512);

    /** Learns by heart, so it finds in held out sentences what stands in others too. */
    private final class FakeTrainer implements Trainer {

        private final List<FakeLearner> learners = new ArrayList<>();
        private boolean fails;
        private IntToDoubleFunction loss = step -> 1.0 / step;

        @Override
        public Learner learner(RobertaConfig config, Function<String, StoredTensor> stored, LearnerSettings settings) {
            FakeLearner learner = new FakeLearner(fails, loss);
            learners.add(learner);
            return learner;
        }

        @Override
        public String precision() {
            return "fp32";
        }
    }

    private final FakeTrainer trainer = new FakeTrainer();
    private final List<String> heard = new ArrayList<>();
    private int cancelAfter = Integer.MAX_VALUE;

    private final AdaptationListener listener = new AdaptationListener() {
        @Override
        public void progress(int epoch, int epochs, double loss) {
            heard.add(epoch + "/" + epochs);
        }

        @Override
        public boolean isCancelled() {
            return cancelAfter-- <= 0;
        }
    };

    @Test
    void learnsFromTheFoldsAndThenFromAll() throws Exception {
        AdaptationResult<Learner> result = adapt(set(24), AdaptationOptions.DEFAULT);
        assertEquals(1 + 1 + 1, trainer.learners.size(), "before, the folds in turns, all");
        assertTrue(trainer.learners.stream().allMatch(learner -> learner.closed));
        assertEquals(trainer.learners.get(2), result.model());
        assertEquals(24, result.comparison().orElseThrow().sentences());
        assertEquals(heard.size() + "/" + heard.size(), heard.get(heard.size() - 1));
    }

    @Test
    void stepsThatNoLongerPayAreNotTaken() throws Exception {
        AdaptationResult<Learner> result = adapt(set(24), AdaptationOptions.DEFAULT, findsAfter(60));
        assertEquals(100, result.comparison().orElseThrow().after().micro().f1() * 100);
        assertEquals(3 * 90, trainer.learners.get(1).rates.size(), "100 steps a fold; 60 were the best three rounds ago");
        assertEquals(90, trainer.learners.get(2).rates.size(), "six tenths of 150 steps");
        assertEquals(heard.size() + "/" + heard.size(), heard.get(heard.size() - 1));
    }

    @Test
    void epochsAskedForAreTakenWhateverTheyBring() throws Exception {
        AdaptationOptions options = new AdaptationOptions(Method.Lora.ofRank(8), OptionalInt.of(10), OptionalDouble.empty(), 0,
                OptionalDouble.empty(), Activation.IF_BETTER);
        adapt(set(24), options, findsAfter(1));
        assertEquals(3 * 10 * 2, trainer.learners.get(1).rates.size(), "32 rows are two batches");
        assertEquals(10 * 3, trainer.learners.get(2).rates.size(), "48 rows are three");
    }

    /** Finds everything after so many steps, nothing before. */
    private static Scorer findsAfter(int steps) {
        return (learner, sentences, tally) -> sentences.forEach(sentence -> tally.add(Set.copyOf(sentence.spans()),
                ((FakeLearner) learner).taken >= steps ? Set.copyOf(sentence.spans()) : Set.of()));
    }

    @Test
    void whatIsNotBetterIsNotActivated() throws Exception {
        Verdict verdict = adapt(set(24), AdaptationOptions.DEFAULT).verdict();
        assertFalse(verdict.activate(), verdict.reason());
        assertEquals("not better: F1 0.00 before, 0.00 after, on 24 sentences not learned from", verdict.reason());
    }

    @Test
    void whatIsBetterIsActivated() throws Exception {
        AdaptationResult<Learner> result = adapt(set(24), AdaptationOptions.DEFAULT, findsAfter(1));
        assertTrue(result.verdict().activate());
        assertEquals("better: F1 0.00 before, 100.00 after, on 24 sentences not learned from", result.verdict().reason());
    }

    @Test
    void withFewExamplesNothingIsMeasuredAndNothingActivated() throws Exception {
        AdaptationResult<Learner> result = adapt(set(3), AdaptationOptions.DEFAULT);
        assertEquals(Optional.empty(), result.comparison());
        assertFalse(result.verdict().activate());
        assertTrue(result.verdict().reason().startsWith("not gated: too few examples (3 sentences with 3 spans)"),
                result.verdict().reason());
        assertTrue(adapt(set(3), options(Activation.ALWAYS)).verdict().activate());
        assertFalse(adapt(set(24), options(Activation.NEVER)).verdict().activate());
    }

    @Test
    void epochsAskedForAreTaken() throws Exception {
        adapt(set(3), new AdaptationOptions(Method.Lora.ofRank(8), OptionalInt.of(5), OptionalDouble.of(1), 0,
                OptionalDouble.empty(), Activation.ALWAYS));
        FakeLearner learner = trainer.learners.get(0);
        assertEquals(5, learner.rates.size(), "6 rows are one batch");
        assertEquals(List.of(6, 6, 6, 6, 6), learner.batches);
        assertEquals(1.0, learner.rates.get(0), "the rise over a tenth of 5 steps is over at once");
        assertEquals(0.2, learner.rates.get(4), 1e-9);
        assertEquals(List.of("1/5", "2/5", "3/5", "4/5", "5/5"), heard);
    }

    @Test
    void cancelledBetweenSteps() {
        cancelAfter = 7;
        assertThrows(CancellationException.class, () -> adapt(set(24), AdaptationOptions.DEFAULT));
        assertTrue(trainer.learners.stream().allMatch(learner -> learner.closed));
        assertEquals(7, trainer.learners.stream().mapToInt(learner -> learner.rates.size()).sum());
    }

    @Test
    void failureEndsIt() {
        trainer.fails = true;
        assertThrows(TrainingFailedException.class, () -> adapt(set(24), AdaptationOptions.DEFAULT));
        assertTrue(trainer.learners.stream().allMatch(learner -> learner.closed));
    }

    @Test
    void lossThatRoseIsAFailure() {
        trainer.loss = step -> step;
        TrainingFailedException failure =
                assertThrows(TrainingFailedException.class, () -> adapt(set(24), options(Activation.ALWAYS)));
        assertEquals("the loss rose from 1.00 to 99.5; a lower learning rate may help", failure.getMessage());
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> epochs(0));
        assertThrows(IllegalArgumentException.class, () -> epochs(1_000_000_000));
        assertThrows(IllegalArgumentException.class, () -> rate(0));
        assertThrows(IllegalArgumentException.class, () -> rate(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> holdout(1.5));
        assertThrows(IllegalArgumentException.class, () -> holdout(-0.1));
        assertThrows(IllegalArgumentException.class, () -> Method.Lora.ofRank(0));
        assertEquals(1000, rate(1000).rate(), "unwise, but a number");
    }

    private static AdaptationOptions epochs(int epochs) {
        return new AdaptationOptions(new Method.Full(), OptionalInt.of(epochs), OptionalDouble.empty(), 0,
                OptionalDouble.empty(), Activation.IF_BETTER);
    }

    private static AdaptationOptions rate(double rate) {
        return new AdaptationOptions(new Method.Full(), OptionalInt.empty(), OptionalDouble.of(rate), 0,
                OptionalDouble.empty(), Activation.IF_BETTER);
    }

    private static AdaptationOptions holdout(double holdout) {
        return new AdaptationOptions(new Method.Full(), OptionalInt.empty(), OptionalDouble.empty(), 0,
                OptionalDouble.of(holdout), Activation.IF_BETTER);
    }

    private static AdaptationOptions options(Activation activation) {
        return new AdaptationOptions(Method.Lora.ofRank(8), OptionalInt.empty(), OptionalDouble.empty(), 0,
                OptionalDouble.empty(), activation);
    }

    private AdaptationResult<Learner> adapt(LearningSet set, AdaptationOptions options) throws Exception {
        return adapt(set, options, new LearnerScorer(ENCODER, Selection.ALL));
    }

    private AdaptationResult<Learner> adapt(LearningSet set, AdaptationOptions options, Scorer scorer) throws Exception {
        Checkpoint checkpoint = Cases.open("tiny-roberta");
        return new Adaptation(trainer, checkpoint, ENCODER, scorer).run(set, options, Optional.empty(), listener, l -> l);
    }

    private static LearningSet set(int sentences) {
        return new LearningSet(IntStream.range(0, sentences)
                .mapToObj(i -> new Example("Rocket" + i + " flew.", LABELS,
                        List.of(new LabelledSpan(ROCKET, 0, 6 + String.valueOf(i).length(), Optional.empty()))))
                .toList(), sentences, List.of());
    }
}
