package io.metaie.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.metaie.adaptation.Learner;
import io.metaie.checkpoint.CheckpointException;
import io.metaie.checkpoint.SafetensorsWriter;
import io.metaie.checkpoint.StateFile;
import io.metaie.training.BatchStream.Position;
import io.metaie.training.MetaTrainingSettings.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a run stands, in a file beside the checkpoint it writes: everything that follows from here on follows from it.
 *
 * @param recipe what the run is made of; a run only goes on with the same
 */
record TrainingState(String recipe, Progress progress, Position position) {

    private static final String FILE = "training-state.safetensors";
    private static final String FIELD = "run";
    private static final ObjectMapper JSON = new ObjectMapper();

    static boolean exists(Path directory) {
        return Files.isRegularFile(directory.resolve(FILE));
    }

    /** Writes the state with the learner's. */
    void save(Path directory, Learner learner) throws IOException {
        String run = JSON.createObjectNode()
                .put("recipe", recipe)
                .put("steps", progress.steps())
                .put("tokens", progress.tokens())
                .put("nanos", progress.nanos())
                .put("pass", position.pass())
                .put("record", position.record())
                .put("batch", position.batch())
                .toString();
        SafetensorsWriter.write(directory.resolve(FILE), Map.of(FIELD, run), learner.state());
    }

    /** Reads a state and sets the learner to it. */
    static TrainingState restore(Path directory, Learner learner) throws IOException, CheckpointException {
        StateFile file = StateFile.open(directory.resolve(FILE));
        JsonNode run = JSON.readTree(file.metadata().getOrDefault(FIELD, "{}"));
        TrainingState state = new TrainingState(
                run.path("recipe").asText(),
                new Progress(run.path("steps").asLong(), run.path("tokens").asLong(), run.path("nanos").asLong()),
                new Position(run.path("pass").asInt(), run.path("record").asInt(), run.path("batch").asInt()));
        learner.resume(file::tensor, state.progress.steps());
        return state;
    }

    static void delete(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(FILE));
    }
}
