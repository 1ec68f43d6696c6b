package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import io.metaie.testing.App;
import io.metaie.testing.Control;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks are there again after the service was killed, and commands carried out before stay carried out. */
@Tag("faults")
class TasksSurviveTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    void aKilledServiceKnowsItsTasksAndRepeatsNoCommand() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            try (ServiceApp service = ServiceApp.start(broker.bootstrap(), "one").awaitReady();
                    Control control = new Control(broker.bootstrap())) {
                control.send("{'type':'define-task','task':'gone','labels':['A'],'commandId':'g'}");
                control.send("{'type':'define-task','task':'news','labels':['Person'],'threshold':0.125,'commandId':'a'}");
                control.send("{'type':'delete-task','task':'gone','commandId':'d'}");
                control.await("task-deleted", "d", PATIENCE);
                commandLine(broker.bootstrap());
                service.app().kill();
            }
            Control.forgetOffsets(broker.bootstrap());
            try (Control control = new Control(broker.bootstrap());
                    ServiceApp service = ServiceApp.start(broker.bootstrap(), "two").awaitReady();
                    ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
                assertTrue(service.app().isAlive());
                stream.send(document("{\"id\":\"d1\",\"task\":\"news\",\"text\":\"Ada Lovelace.\"}"));
                stream.send(document("{\"id\":\"d2\",\"task\":\"gone\",\"text\":\"Ada Lovelace.\"}"));
                stream.verify(PATIENCE);
                assertTrue(stream.extractions().values().iterator().next().contains("\"task\":\"news\""));
                assertEquals(1, stream.extractions().size());
                assertEquals(1, stream.deadLetters().size());
                control.send("{'type':'define-task','task':'last','labels':['A'],'commandId':'z'}");
                control.await("task-defined", "z", PATIENCE);
                for (String old : List.of("g", "a", "d")) {
                    assertEquals(List.of(), control.of(old), "a command of before is carried out again");
                }
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> document(String json) {
        return new ProducerRecord<>(ExactlyOnce.DOCUMENTS, json.getBytes(UTF_8));
    }

    /** The commands that follow their events to the end. */
    private void commandLine(String bootstrap) throws Exception {
        Path examples = directory.resolve("examples.jsonl");
        Files.writeString(examples, "{\"text\":\"Ada Lovelace wrote.\",\"spans\":[{\"label\":\"Person\",\"text\":\"Ada Lovelace\"}]}\n");
        run(bootstrap, 0, "task-defined", "define-task", "--task", "cli", "--labels", "Person", "--wait");
        run(bootstrap, 0, "evaluation-completed", "evaluate", "--task", "cli", "--examples", examples.toString(), "--wait");
        run(bootstrap, 1, "command-rejected", "activate", "--task", "cli", "--version", "7", "--wait");
        Path adapter = directory.resolve("adapter.safetensors");
        Files.write(adapter, TestAdapters.everyWord(Checkpoint.open(Path.of("models", "metaie-mini")), "").bytes());
        run(bootstrap, 1, "it was made for the labels", "import", "--task", "cli", adapter.toString(), "--wait");
        run(bootstrap, 0, "task-defined", "define-task", "--task", "cli", "--labels", "Word", "--wait");
        run(bootstrap, 0, "activated=true", "import", "--task", "cli", adapter.toString(), "--wait");
    }

    private static void run(String bootstrap, int code, String event, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "control";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try (App app = App.with(all).env("KAFKA_BOOTSTRAP_SERVERS", bootstrap).run()) {
            assertEquals(code, app.exitCode(), app.err());
            assertTrue(app.out().contains(event), app.out());
        }
    }
}
