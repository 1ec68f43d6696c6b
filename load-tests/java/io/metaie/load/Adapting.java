package io.metaie.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.testing.Control;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Adaptations of one task to twenty sentences, one after the other, with nothing put in force. */
final class Adapting {

    private static final Path SENTENCES = Path.of("load-tests", "data", "eval", "fewshot", "wnut17.0.jsonl");
    private static final int COUNT = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final JsonMapper JSON = new JsonMapper();

    private Adapting() {}

    /** Goes on until it is closed, which ends the one in work. */
    static Beside on(Target target) throws Exception {
        Control control = target.control();
        String task = Tasks.names(1).get(0);
        Tasks tasks = Tasks.define(control, List.of(task), 4);
        ArrayNode examples = examples();
        int[] next = {0};
        // The first has begun when documents come.
        adapt(control, task, next[0], examples);
        control.await("adaptation-started", id(task, next[0]), Control.PATIENCE);
        Looping loop = new Looping("adaptations", running -> {
            String id = id(task, next[0]);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!running.isClosed() && control.count("adaptation-completed", id) == 0) {
                if (control.count("adaptation-failed", id) > 0 || System.nanoTime() > end) {
                    throw new IllegalStateException("adaptation: " + control.of(id));
                }
                running.pause(0.2);
            }
            if (!running.isClosed()) {
                adapt(control, task, ++next[0], examples);
            }
        });
        return () -> {
            loop.close();
            tasks.close();
        };
    }

    private static String id(String task, int number) {
        return task + "-adapt-" + number;
    }

    private static void adapt(Control control, String task, int number, ArrayNode examples) {
        ObjectNode command = Tasks.command("adapt", task, id(task, number));
        command.set("examples", examples);
        command.putObject("options").put("activate", "never").put("skipInvalid", true);
        Tasks.send(control, command);
    }

    /** The spans whose labels the task has. */
    private static ArrayNode examples() throws Exception {
        ArrayNode examples = JSON.createArrayNode();
        for (String line : Files.readAllLines(SENTENCES, UTF_8).subList(0, COUNT)) {
            ObjectNode read = (ObjectNode) JSON.readTree(line);
            ArrayNode spans = JSON.createArrayNode();
            read.path("spans").forEach(span -> {
                if (Documents.labels(4).contains(span.path("label").asText())) {
                    spans.add(span);
                }
            });
            examples.addObject().put("text", read.path("text").asText()).set("spans", spans);
        }
        return examples;
    }
}
