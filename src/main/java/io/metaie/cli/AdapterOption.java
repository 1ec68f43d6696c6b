package io.metaie.cli;

import io.metaie.checkpoint.AdapterException;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.engine.Engine;
import io.metaie.extraction.LabelsJson;
import io.metaie.label.LabelSet;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Adapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --adapter}, for commands that run the model in their own process. */
final class AdapterOption {

    @Option(
            names = "--adapter",
            paramLabel = "FILE",
            description = "Adapted weights, as the command adapt writes them for this very model.")
    private Optional<Path> path = Optional.empty();

    /**
     * An adapter on its way into a model.
     *
     * @param path where it was read
     * @param id how answers name it: the task it was made for, else the file, and version 1 since files have none
     */
    record Given(Path path, Adapter id, AdapterFile file) {

        /** What the adapter was made to be asked, if it says so. */
        Optional<LabelSet> labels() {
            try {
                String labels = file.description().labels();
                return labels.isBlank() ? Optional.empty() : Optional.of(LabelsJson.parse(labels)).filter(s -> !s.isEmpty());
            } catch (RejectedDocumentException e) {
                throw new CommandException(path + ": the adapter's labels cannot be asked: " + e.getMessage(), e);
            }
        }

        /** @throws CommandException when the adapter was made for another model, or is not whole */
        void loadInto(Engine engine) {
            try {
                engine.adapters().register(id, file);
            } catch (AdapterException e) {
                throw new CommandException(path + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * Reads what was given.
     *
     * @throws CommandException when it is no adapter
     */
    Optional<Given> read() {
        return path.map(AdapterOption::read);
    }

    private static Given read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new CommandException("there is no adapter file " + path);
        }
        try {
            AdapterFile file = AdapterFile.read(path);
            String task = file.description().task();
            return new Given(path, new Adapter(task.isBlank() ? stem(path) : task, 1), file);
        } catch (AdapterException e) {
            throw new CommandException(path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String stem(Path path) {
        return path.getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "");
    }
}
