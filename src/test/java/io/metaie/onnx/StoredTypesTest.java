package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointCopy;
import io.metaie.checkpoint.StoredTensor;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.onnx.Cases.Case;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a checkpoint stores its weights, the logits are those of the weights. F16 is what the bundled model has. */
class StoredTypesTest {

    @TempDir
    Path directory;

    private CheckpointCopy copy;
    private List<StoredTensor> tensors;

    @BeforeEach
    void copy() throws Exception {
        copy = CheckpointCopy.of("tiny-xlm-roberta", directory);
        tensors = new ArrayList<>(copy.tensors().values());
        tensors.sort(Comparator.comparing(StoredTensor::name));
    }

    private float[][] logits() throws Exception {
        try (OnnxTagger tagger = OnnxTagger.onCpu(Checkpoint.open(directory), 0)) {
            return tagger.logits(Cases.of("tiny-xlm-roberta").stream().map(Case::query).toList());
        }
    }

    private void assertLogits(float[][] expected, float difference) throws Exception {
        float[][] actual = logits();
        assertEquals(expected.length, actual.length);
        for (int word = 0; word < expected.length; word++) {
            assertArrayEquals(expected[word], actual[word], difference);
        }
    }

    /** A tensor of 32-bit floats with the lower half of each cut off: as 32 bits, or as the 16 that are left. */
    private static StoredTensor shorten(StoredTensor tensor, ElementType type) {
        ByteBuffer in = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer out =
                ByteBuffer.allocate(in.capacity() / 4 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            int bits = in.getInt();
            if (type == ElementType.BF16) {
                out.putShort((short) (bits >>> 16));
            } else {
                out.putInt(bits & 0xffff0000);
            }
        }
        return new StoredTensor(tensor.name(), type, tensor.shape(), out.flip());
    }

    @Test
    void brainFloats() throws Exception {
        copy.rewrite(tensors.stream().map(tensor -> shorten(tensor, ElementType.F32)).toList(), 0);
        float[][] expected = logits();
        copy.rewrite(tensors.stream().map(tensor -> shorten(tensor, ElementType.BF16)).toList(), 0);
        assertLogits(expected, 1e-6f);
    }

    @Test
    void dataOffItsAlignment() throws Exception {
        float[][] expected = logits();
        for (int padding = 1; padding < 4; padding++) {
            copy.rewrite(tensors, padding);
            assertLogits(expected, 0);
        }
    }

    @Test
    void shards() throws Exception {
        float[][] expected = logits();
        String whole = Checkpoint.open(directory).id();
        Files.delete(copy.file("model.safetensors"));
        List<List<StoredTensor>> shards = List.of(tensors.subList(0, 9), tensors.subList(9, tensors.size()));
        ObjectNode map = new ObjectMapper().createObjectNode();
        for (int i = 0; i < 2; i++) {
            String name = "model-0000" + (i + 1) + "-of-00002.safetensors";
            CheckpointCopy.write(copy.file(name), shards.get(i), 0);
            shards.get(i).forEach(tensor -> map.put(tensor.name(), name));
        }
        Files.writeString(
                copy.file("model.safetensors.index.json"), "{\"metadata\": {}, \"weight_map\": " + map + "}");
        assertLogits(expected, 0);
        assertEquals(whole.length(), Checkpoint.open(directory).id().length());
        assertEquals(2, Stream.of(whole, Checkpoint.open(directory).id()).distinct().count());
    }
}
