package io.metaie.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.onnx.Cases;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackboneTest {

    @TempDir
    Path directory;

    @Test
    void taggerKeepsItsClassifier() throws Exception {
        Checkpoint tiny = Cases.open("tiny-xlm-roberta");
        Backbone backbone = Backbone.open(tiny.directory());
        assertEquals(tiny.config(), backbone.config());
        assertEquals(tiny.hash(), backbone.hash());
        String classifier = RobertaTensors.CLASSIFIER + ".weight";
        assertEquals(tiny.tensor(classifier).data(), backbone.tensor(classifier).data());
    }

    /** A masked language model, or an encoder saved by itself, gets a classifier. */
    @Test
    void encoderGetsAClassifier() throws Exception {
        Checkpoint tiny = Cases.open("tiny-roberta");
        for (String prefix : List.of("", "roberta.")) {
            Path encoder = Files.createDirectories(directory.resolve("encoder" + prefix));
            ObjectNode config =
                    (ObjectNode) new ObjectMapper().readTree(tiny.directory().resolve("config.json").toFile());
            config.putArray("architectures").add("RobertaForMaskedLM");
            config.remove("id2label");
            List<Entry> weights = RobertaTensors.shapes(tiny.config()).keySet().stream()
                    .filter(name -> !name.startsWith(RobertaTensors.CLASSIFIER))
                    .map(tiny::tensor)
                    .map(tensor -> new Entry(prefix + tensor.name().substring("roberta.".length()), tensor.type(),
                            tensor.shape(), tensor::data))
                    .toList();
            CheckpointWriter.write(encoder, config, Files.readAllBytes(tiny.directory().resolve("tokenizer.json")), weights);
            Backbone backbone = Backbone.open(encoder);
            assertEquals(List.of("B", "I", "O"), backbone.config().labels());
            assertEquals(tiny.tensor(RobertaTensors.WORDS).data(), backbone.tensor(RobertaTensors.WORDS).data());
            FloatBuffer classifier = backbone.tensor(RobertaTensors.CLASSIFIER + ".weight").data().asFloatBuffer();
            assertEquals(3 * tiny.config().hidden(), classifier.remaining());
            assertTrue(classifier.get(0) != 0);
            assertThrows(CheckpointException.class, () -> Checkpoint.open(encoder));
        }
    }

    @Test
    void whatIsNoEncoderIsRefused() {
        assertThrows(CheckpointException.class, () -> Backbone.open(directory));
        assertThrows(CheckpointException.class, () -> Backbone.open(directory.resolve("none")));
    }

    @Test
    void writtenFilesAreReadAsTheyWere() throws Exception {
        Checkpoint tiny = Cases.open("tiny-roberta");
        Path file = directory.resolve("state.safetensors");
        StoredTensor words = tiny.tensor(RobertaTensors.WORDS);
        SafetensorsWriter.write(file, Map.of("run", "{}"), List.of(Entry.of(words)));
        StateFile read = StateFile.open(file);
        assertEquals(Map.of("run", "{}"), read.metadata());
        assertArrayEquals(words.shape(), read.tensor(words.name()).shape());
        assertEquals(words.data(), read.tensor(words.name()).data());
        assertThrows(IllegalArgumentException.class, () -> read.tensor("none"));
        assertThrows(IllegalArgumentException.class, () -> SafetensorsWriter.write(file, Map.of(),
                List.of(new Entry("short", words.type(), new long[] {1 << 20}, words::data))));
        assertEquals(List.of("state.safetensors"), Files.list(directory).map(f -> f.getFileName().toString()).toList());
    }
}
