package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.TestAdapters;
import io.metaie.kafka.EmbeddedBroker;
import io.metaie.testing.Control;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.ServiceApp;
import java.nio.file.Path;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of a task are put in force in turn while its documents stream through. */
@Tag("faults")
class SwapsTest {

    private static final int SWAPS = 200;
    private static final int SETTLED = 20;
    private static final int DOCUMENTS = 5;

    @TempDir
    Path directory;

    /** The two versions disagree about every word, so that a document answered by half of each would show it. */
    @Test
    void twoHundredSwapsUnderLoad() throws Exception {
        Checkpoint checkpoint = Checkpoint.open(Path.of("models", "metaie-mini"));
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                Services services = new Services(broker.bootstrap())) {
            ServiceApp service = services.start("one");
            Control control = services.control;
            try (ExactlyOnce stream = new ExactlyOnce(broker.bootstrap())) {
                control.define("t", "['Word']");
                control.importAdapter("t", "i1", TestAdapters.everyWord(checkpoint, "").bytes(), 500_000, "always");
                control.importAdapter("t", "i2", TestAdapters.noWord(checkpoint, "").bytes(), 500_000, "never");
                control.await("adaptation-completed", "i2", Control.PATIENCE);
                long settled = 0;
                for (int swap = 1; swap <= SWAPS; swap++) {
                    String id = "s" + swap;
                    control.send("{'type':'activate','task':'t','version':" + (1 + swap % 2) + ",'commandId':'" + id + "'}");
                    control.await("adapter-activated", id, Control.PATIENCE);
                    for (int i = 0; i < DOCUMENTS; i++) {
                        stream.send(new ProducerRecord<>(ExactlyOnce.DOCUMENTS,
                                "{\"task\":\"t\",\"text\":\"Ada met Bob. Bob met Ada.\"}".getBytes(UTF_8)));
                    }
                    stream.flush();
                    if (swap == SETTLED) {
                        settled = service.residentKilobytes();
                    }
                }
                stream.verify(Control.PATIENCE);
                assertEquals(0, stream.deadLetters().size());
                assertEquals(SWAPS * DOCUMENTS, stream.extractions().size());
                for (String json : stream.extractions().values()) {
                    JsonNode extraction = new JsonMapper().readTree(json);
                    String adapter = extraction.path("adapter").asText();
                    assertTrue(adapter.equals("t@1") || adapter.equals("t@2"), json);
                    assertEquals(adapter.equals("t@1") ? 8 : 0, extraction.path("spans").size(), json);
                }
                long resident = service.residentKilobytes();
                assertTrue(resident <= settled * 1.1, "resident memory grew from " + settled + " to " + resident + " kB");
                assertTrue(service.get("/q/metrics").body().contains("metaie_adapter_version{task=\"t\"} 1.0"));
            }
        }
    }
}
