package io.metaie.cli;

import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.TrainingUnavailableException;
import io.metaie.adaptation.torch.TorchSettings;
import io.metaie.adaptation.torch.TorchSettings.Arithmetic;
import io.metaie.adaptation.torch.TorchTrainer;
import io.metaie.config.TrainingConfig;
import java.util.Locale;

/** Opens what commands train with. */
final class TrainingTools {

    private TrainingTools() {}

    /** @throws CommandException when training is not to be had here */
    static Trainer open(TrainingConfig training, Terminal terminal) {
        try {
            TorchSettings settings = new TorchSettings(
                    training.cache().orElseGet(TorchSettings::defaultCache),
                    training.threads().orElse(Runtime.getRuntime().availableProcessors()),
                    arithmetic(training.precision()));
            return TorchTrainer.open(settings, notice -> terminal.message("metaie: " + notice));
        } catch (TrainingUnavailableException | IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private static Arithmetic arithmetic(String name) {
        try {
            return Arithmetic.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new CommandException("metaie.training.precision must be auto, fp32 or bf16, not '" + name + "'", e);
        }
    }
}
