package io.metaie.control;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.control.Command.Adapt;
import io.metaie.control.Command.Learn;
import io.metaie.control.CommandHandler.Received;
import io.metaie.control.Event.CommandRejected;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.task.ControlPlace;
import io.metaie.task.DeletedTask;
import io.metaie.task.TaskState;
import io.metaie.task.TaskState.Versions;
import io.metaie.task.TaskVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A handler of commands, and a task for it to work on. */
abstract class HandledCommands {

    static final LabelSet LABELS = LabelSet.of(List.of(Label.named("A")));
    static final LabelSet OTHERS = LabelSet.of(List.of(Label.named("B")));
    static final ControlPlace PLACE = new ControlPlace("id", 0, 17);
    /** An example to learn from. */
    static final String EXAMPLE = "{'text':'Ada wrote.','spans':[{'label':'A','text':'Ada'}]}";

    final CommandReader reader = new CommandReader(1 << 20);
    final CommandHandler handler = new CommandHandler(new CommandHandler.Weights() {
        @Override
        public Optional<String> fault(String task, TaskVersion version) {
            return version.sha256().equals("damaged") ? Optional.of("a part of it is missing") : Optional.empty();
        }

        @Override
        public List<String> uploads(String task) {
            return List.of(task + "/upload-u1/0", task + "/upload-u2/0");
        }

        @Override
        public Optional<String> withoutTeacher() {
            return withoutTeacher;
        }
    });

    /** Why there is nothing to learn from a teacher, if so. */
    Optional<String> withoutTeacher = Optional.empty();

    /** A task with versions 1 and 3, the latter active. */
    static TaskState adapted() {
        return new TaskState("n", LABELS, 0, false, new Versions(List.of(version(1), version(3)), 3, 3), List.of(), List.of());
    }

    static TaskVersion version(int number) {
        return new TaskVersion(number, "m@0", Optional.of(0.5), Instant.EPOCH, 2, "");
    }

    Effects handle(Command command, TaskState task) {
        return handler.handle(new Received(command, new byte[0], PLACE), Optional.ofNullable(task), DeletedTask.NONE);
    }

    static TaskState state(Effects effects) {
        return effects.change().orElseThrow().state().orElseThrow();
    }

    static String rejection(Effects effects) {
        assertTrue(effects.change().isEmpty());
        return assertInstanceOf(CommandRejected.class, effects.events().get(0)).reason();
    }

    static Adapt adapt(String id, String... examples) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        for (String example : examples) {
            all.add(new JsonMapper().readTree(example.replace('\'', '"')));
        }
        return new Adapt("n", Optional.of(id), new Learn.Examples(all), new AdaptOptions(OptionalInt.empty(),
                OptionalDouble.empty(), OptionalInt.empty(), OptionalLong.empty(), OptionalDouble.empty(),
                AdaptOptions.Activation.IF_BETTER, false));
    }
}
