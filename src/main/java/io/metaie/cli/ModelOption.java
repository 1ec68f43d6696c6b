package io.metaie.cli;

import io.metaie.checkpoint.CheckpointException;
import io.metaie.config.MetaieConfig;
import io.metaie.config.Settings;
import io.metaie.engine.Engine;
import io.metaie.onnx.DeviceException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.Logger;
import picocli.CommandLine.Option;

/** {@code --model}, for commands that run the model in their own process. */
final class ModelOption {

    private static final Logger ONNX = Logger.getLogger("io.metaie.onnx");

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "The model's checkpoint directory (default: metaie.model, else models/metaie-mini in the working"
                    + " directory, else beside the application).")
    private Optional<Path> model = Optional.empty();

    /** What was given. */
    Optional<Path> directory() {
        return model;
    }

    /** The settings, with the option's word on the model. */
    MetaieConfig config() {
        return config(Map.of());
    }

    /**
     * The same, but in fp32 unless a precision is asked for: a model is measured as its card and other programs have it,
     * not as this processor happens to serve it fastest.
     */
    MetaieConfig exactConfig() {
        MetaieConfig asked = config();
        return asked.precision().equalsIgnoreCase("auto") ? config(Map.of("metaie.precision", "fp32")) : asked;
    }

    private MetaieConfig config(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        model.ifPresent(directory -> settings.put("metaie.model", directory.toString()));
        return Settings.metaie(Settings.load(settings));
    }

    /** Where a model runs is for operators to know. */
    static void beQuiet() {
        ONNX.setLevel(Level.ERROR);
    }

    /**
     * Opens the model.
     *
     * @throws CommandException when it cannot be run; the message says what to do
     */
    static Engine open(MetaieConfig config) {
        beQuiet();
        try {
            return Engine.open(config, Engine.Observers.NONE);
        } catch (CheckpointException | DeviceException | IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }
}
