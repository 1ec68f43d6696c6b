package io.metaie.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.adaptation.Learner;
import io.metaie.adaptation.torch.TorchSettings;
import io.metaie.adaptation.torch.TorchSettings.Arithmetic;
import io.metaie.adaptation.torch.TorchTrainer;
import io.metaie.checkpoint.Backbone;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.Vocabulary;
import io.metaie.onnx.Cases;
import io.metaie.training.MetaTrainingSettings.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaTrainingTest {

    private static final List<WeightedFile> DATA =
            List.of(new WeightedFile(Path.of("load-tests/data/eval/fewshot/wnut17.0.jsonl"), 1));
    private static final long TOKENS = 25_000;

    private static TorchTrainer trainer;
    private static Backbone backbone;
    private static Vocabulary vocabulary;

    @TempDir
    Path directory;

    private final List<Double> losses = new ArrayList<>();
    private int endAfter = Integer.MAX_VALUE;

    private final MetaTraining.Listener listener = new MetaTraining.Listener() {
        @Override
        public void stepDone(Progress progress, double done, double loss, double learningRate) {
            losses.add(loss);
        }

        @Override
        public void betweenSteps(Learner learner) {
            if (--endAfter == 0) {
                throw new Killed();
            }
        }

        @Override
        public void saved(Progress progress) {
            // Nothing to do.
        }
    };

    /** The end of a process, as far as a run is concerned. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void open() throws Exception {
        trainer = TorchTrainer.open(new TorchSettings(TorchSettings.defaultCache(), 1, Arithmetic.FP32), notice -> {});
        backbone = Backbone.open(Cases.directory("tiny-roberta"));
        vocabulary = backbone.vocabulary();
    }

    @Test
    void learnsAndWritesACheckpoint() throws Exception {
        Path out = directory.resolve("out");
        training(out, TOKENS).run(false, listener);
        assertTrue(losses.get(losses.size() - 1) < losses.get(0), losses.toString());
        Checkpoint checkpoint = Checkpoint.open(out);
        assertEquals(backbone.config().hidden(), checkpoint.config().hidden());
        assertFalse(checkpoint.hash().equals(backbone.hash()));
        assertFalse(MetaTraining.wasBegun(out), "nothing is left to go on with");
    }

    @Test
    void aRunThatWentOnEndsAsOneThatDidNotStop() throws Exception {
        Path whole = directory.resolve("whole");
        training(whole, TOKENS).run(false, listener);
        List<Double> expected = List.copyOf(losses);
        losses.clear();
        Path broken = directory.resolve("broken");
        endAfter = 3;
        assertThrows(Killed.class, () -> training(broken, TOKENS).run(false, listener));
        assertTrue(MetaTraining.wasBegun(broken));
        Checkpoint.open(broken);
        training(broken, TOKENS).run(true, listener);
        assertEquals(expected, losses);
        assertArrayEquals(Files.readAllBytes(whole.resolve("model.safetensors")),
                Files.readAllBytes(broken.resolve("model.safetensors")));
    }

    @Test
    void anotherRunIsNotGoneOnWith() throws Exception {
        Path out = directory.resolve("out");
        endAfter = 1;
        assertThrows(Killed.class, () -> training(out, TOKENS).run(false, listener));
        CheckpointException refusal =
                assertThrows(CheckpointException.class, () -> training(out, 2 * TOKENS).run(true, listener));
        assertTrue(refusal.getMessage().contains("other settings"), refusal.getMessage());
        assertThrows(CheckpointException.class, () -> training(directory.resolve("none"), TOKENS).run(true, listener));
    }

    private static MetaTraining training(Path out, long tokens) throws Exception {
        MetaTrainingSettings settings =
                new MetaTrainingSettings(Optional.empty(), OptionalLong.of(tokens), 1e-3, 1);
        return MetaTraining.of(trainer, backbone, vocabulary, DATA, settings, out, Duration.ZERO);
    }
}
