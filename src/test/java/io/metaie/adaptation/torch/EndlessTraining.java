package io.metaie.adaptation.torch;

import io.metaie.adaptation.Learner;
import io.metaie.adaptation.LearnerSettings;
import io.metaie.adaptation.Method;
import io.metaie.adaptation.TrainingRow;
import io.metaie.adaptation.torch.TorchSettings.Arithmetic;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.onnx.Cases;
import java.util.Collections;
import java.util.List;

/** A process that trains until it is ended, and says so at each step. */
final class EndlessTraining {

    /** So many that one native call lasts longer than an ending virtual machine waits for it. */
    private static final int COPIES = 1_000;
    private static final LearnerSettings SETTINGS = new LearnerSettings(new Method.Full(), 0, 0.999, 0);

    private EndlessTraining() {}

    public static void main(String... args) throws Exception {
        TorchTrainer trainer =
                TorchTrainer.open(new TorchSettings(TorchSettings.defaultCache(), 1, Arithmetic.FP32), notice -> {});
        Checkpoint checkpoint = Cases.open("tiny-roberta");
        List<TrainingRow> rows = Cases.of("tiny-roberta").stream()
                .map(one -> new TrainingRow(one.query(), new byte[one.query().firsts().length]))
                .flatMap(row -> Collections.nCopies(COPIES, row).stream())
                .toList();
        try (Learner learner = trainer.learner(checkpoint.config(), checkpoint::tensor, SETTINGS)) {
            while (true) {
                System.out.println("step");
                learner.step(rows, 1e-3);
            }
        }
    }
}
