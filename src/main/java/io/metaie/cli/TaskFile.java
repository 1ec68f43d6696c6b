package io.metaie.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.extraction.TaskJson;
import io.metaie.record.RejectedDocumentException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a task from a file of JSON. */
final class TaskFile {

    private TaskFile() {}

    /** The file as it stands; to be read as a task first. */
    static JsonNode json(Path file) throws IOException {
        return new JsonMapper().readTree(file.toFile());
    }

    /** @throws CommandException when there is no such file, or no task in it */
    static TaskJson read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CommandException("there is no task file " + file);
        }
        try {
            return TaskJson.parse(Files.readString(file));
        } catch (RejectedDocumentException e) {
            throw new CommandException(file + ": " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new CommandException(file + " is not UTF-8", e);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
