package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.Control;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several adaptations are asked for at once, of one task and of another, of two instances, while documents stream through. */
@Tag("faults")
class AdaptationsAtOnceTest {

    private static final Duration PATIENCE = Control.PATIENCE.multipliedBy(4);
    private static final int DOCUMENTS = 500;

    @TempDir
    Path directory;

    private static void adapt(Control control, String task, String id) {
        control.send("{'type':'adapt','task':'" + task + "','commandId':'" + id + "','options':{'epochs':5,'activate':'always'},"
                + "'examples':[{'text':'Zorblax met Quimby.','spans':[{'label':'gadget','text':'Zorblax'}]},"
                + "{'text':'Nothing of note.','spans':[]}]}");
    }

    @Test
    void eachMakesAVersionOfItsOwn() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                Services services = new Services(broker.bootstrap())) {
            ServiceApp one = services.start("one");
            adaptAtOnce(broker, services.control, one, services.start("two"));
        }
    }

    /** Both instances are ready, so the topics are there. */
    private static void adaptAtOnce(EmbeddedBroker broker, Control control, ServiceApp one, ServiceApp two)
            throws IOException {
        try (ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
            control.define("r", "['gadget']");
            control.define("q", "['gadget']");
            adapt(control, "r", "a");
            adapt(control, "r", "b");
            adapt(control, "q", "d");
            adapt(control, "r", "c");
            for (int i = 0; i < DOCUMENTS; i++) {
                stream.send(new ProducerRecord<>(ExactlyOnce.DOCUMENTS,
                        "{\"labels\":[\"Person\"],\"text\":\"Ada met Bob.\"}".getBytes(UTF_8)));
            }
            Set<Integer> versions = new TreeSet<>();
            for (String id : List.of("a", "b", "c")) {
                versions.add(control.await("adaptation-completed", id, PATIENCE).path("version").asInt());
            }
            control.await("adaptation-completed", "d", PATIENCE);
            assertEquals(Set.of(1, 2, 3), versions);
            for (String id : List.of("a", "b", "c", "d")) {
                assertEquals(1, control.count("adaptation-started", id), id);
                assertEquals(1, control.count("adaptation-completed", id), id);
            }
            List<JsonNode> activations = control.all("r").stream()
                    .filter(event -> event.path("type").asText().equals("adapter-activated")).toList();
            int last = activations.get(activations.size() - 1).path("version").asInt();
            for (ServiceApp service : new ServiceApp[] {one, two}) {
                Awaitility.await().atMost(PATIENCE).until(() -> service.adapter("r").equals("r@" + last));
                assertEquals(List.of(1, 2, 3), service.task("r").findValues("version").stream().map(JsonNode::asInt).sorted().toList());
                assertEquals(last, service.task("r").path("active").asInt());
            }
            stream.verify(PATIENCE);
            assertEquals(DOCUMENTS, stream.extractions().size());
            assertEquals(0, stream.deadLetters().size());
        }
    }
}
