package io.metaie.load;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.engine.ModelDirectory;
import io.metaie.testing.Control;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Tasks that are defined for a scenario and deleted behind it. */
final class Tasks implements Beside {

    private static final int PART_BYTES = 500_000;
    private static final int RANK = 8;

    private final Control control;
    private final List<String> names;
    private final ArrayNode labels;

    private Tasks(Control control, List<String> names, ArrayNode labels) {
        this.control = control;
        this.names = names;
        this.labels = labels;
    }

    /** Names that no other run uses. */
    static List<String> names(int count) {
        String run = UUID.randomUUID().toString().substring(0, 8);
        return IntStream.range(0, count).mapToObj(i -> "load-" + run + "-" + i).toList();
    }

    /** Defines them and waits until they are. */
    static Tasks define(Control control, List<String> names, int labels) {
        ArrayNode asked = JsonNodeFactory.instance.arrayNode();
        Documents.labels(labels).forEach(asked::add);
        for (String name : names) {
            send(control, command("define-task", name, name).set("labels", asked));
        }
        names.forEach(name -> control.await("task-defined", name, Control.PATIENCE));
        return new Tasks(control, names, asked);
    }

    /** Gives each a random version of rank {@value #RANK} of the bundled model, in force. */
    Tasks adapt() throws Exception {
        Checkpoint checkpoint = Checkpoint.open(ModelDirectory.BUNDLED);
        int seed = 0;
        for (String name : names) {
            String id = name + "-import";
            AdapterFile file = TestAdapters.random(checkpoint, name, labels.toString(), RANK, seed++);
            control.importAdapter(name, id, file.bytes(), PART_BYTES, "always");
            control.await("adapter-activated", id, Control.PATIENCE);
        }
        return this;
    }

    /** A command as an object to be completed. */
    static ObjectNode command(String type, String task, String id) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("task", task).put("commandId", id);
    }

    static void send(Control control, ObjectNode command) {
        control.send(command.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        names.forEach(name -> send(control, command("delete-task", name, name + "-delete")));
        names.forEach(name -> control.await("task-deleted", name + "-delete", Control.PATIENCE));
        control.close();
    }
}
