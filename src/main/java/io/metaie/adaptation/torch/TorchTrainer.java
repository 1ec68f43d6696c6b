package io.metaie.adaptation.torch;

import io.metaie.adaptation.Learner;
import io.metaie.adaptation.LearnerSettings;
import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.TrainingUnavailableException;
import io.metaie.checkpoint.RobertaConfig;
import io.metaie.checkpoint.StoredTensor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Trains with PyTorch. */
public final class TorchTrainer implements Trainer {

    private final TorchSettings settings;
    private final ScalarType type;

    private TorchTrainer(TorchSettings settings) {
        this.settings = settings;
        this.type = TorchRuntime.usesBf16(settings.arithmetic()) ? ScalarType.BFloat16 : ScalarType.Float;
    }

    /**
     * Loads PyTorch; the first time on a machine this unpacks it.
     *
     * @param notices hears what a user who waits should know
     * @throws TrainingUnavailableException when it cannot be had
     */
    public static TorchTrainer open(TorchSettings settings, Consumer<String> notices)
            throws TrainingUnavailableException {
        TorchRuntime.load(settings, notices);
        return new TorchTrainer(settings);
    }

    @Override
    public Learner learner(RobertaConfig config, Function<String, StoredTensor> stored, LearnerSettings learning) {
        return NativeUse.of(() -> {
            TorchRuntime.useThreads(settings.threads());
            Trainable trainable = Trainable.of(learning.method(), config, stored, type, learning.seed());
            return new TorchLearner(config, trainable, type, learning);
        });
    }

    @Override
    public String precision() {
        return type == ScalarType.BFloat16 ? "bf16" : "fp32";
    }
}
