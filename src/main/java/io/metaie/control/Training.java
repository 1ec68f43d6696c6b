package io.metaie.control;

import io.metaie.adaptation.Trainer;
import io.metaie.adaptation.TrainingUnavailableException;
import io.metaie.adaptation.torch.TorchSettings;
import io.metaie.adaptation.torch.TorchSettings.Arithmetic;
import io.metaie.adaptation.torch.TorchTrainer;
import io.metaie.config.TrainingConfig;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What the service trains with, opened when it is first needed. Used by one thread. */
final class Training {

    private static final Logger LOG = Logger.getLogger(Training.class);

    private final TrainingConfig config;
    private Optional<Trainer> trainer = Optional.empty();

    Training(TrainingConfig config) {
        this.config = config;
    }

    /** @throws TrainingUnavailableException when there is no training on this platform */
    synchronized Trainer get() throws TrainingUnavailableException {
        if (trainer.isEmpty()) {
            TorchSettings settings = new TorchSettings(
                    config.cache().orElseGet(TorchSettings::defaultCache),
                    config.threads().orElse(Runtime.getRuntime().availableProcessors()),
                    Arithmetic.valueOf(config.precision().toUpperCase(Locale.ROOT)));
            trainer = Optional.of(TorchTrainer.open(settings, LOG::info));
        }
        return trainer.get();
    }
}
