package io.metaie.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.checkpoint.AdapterFile.Description;
import io.metaie.checkpoint.SafetensorsWriter.Entry;
import io.metaie.checkpoint.StoredTensor.ElementType;
import io.metaie.onnx.Cases;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AdapterFileTest {

    private static final String LABELS = "[\"Person\",{\"name\":\"works for\",\"of\":\"Person\"}]";

    private static Checkpoint tiny;

    @BeforeAll
    static void open() throws CheckpointException {
        tiny = Cases.open("tiny-roberta");
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        AdapterFile written = adapter(tiny, 4);
        AdapterFile read = AdapterFile.read(written.bytes());
        assertEquals(written.description(), read.description());
        assertDoesNotThrow(() -> read.checkFits(tiny));
        String name = RobertaTensors.output(0) + AdapterFile.B;
        assertArrayEquals(written.tensor(name).shape(), read.tensor(name).shape());
        assertEquals(written.tensor(name).data(), read.tensor(name).data());
        assertArrayEquals(written.bytes(), read.bytes());
    }

    @Test
    void tensorsAreNamedAsPeftNamesThem() {
        byte[] bytes = adapter(tiny, 4).bytes();
        String header = new String(bytes, 8, (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(),
                StandardCharsets.UTF_8);
        assertTrue(header.contains(
                "\"base_model.model.roberta.encoder.layer.0.attention.self.query.lora_A.weight\":{\"dtype\":\"F16\""), header);
        assertTrue(header.contains("\"base_model.model.classifier.weight\""), header);
        assertEquals(0, header.length() % 8);
    }

    @Test
    void adapterOfTheBundledModelIsBelowOneMegabyte() throws Exception {
        assertTrue(adapter(Cases.open("metaie-mini"), 8).bytes().length < 1_000_000);
    }

    @Test
    void adapterOfAnotherModelIsRefused() throws Exception {
        AdapterException refusal =
                assertThrows(AdapterException.class, () -> adapter(Cases.open("tiny-xlm-roberta"), 4).checkFits(tiny));
        assertTrue(refusal.getMessage().contains(tiny.id()), refusal.getMessage());
    }

    @Test
    void incompleteAdapterIsRefused() throws Exception {
        List<Entry> weights = weights(tiny, 4);
        Entry missing = weights.remove(3);
        AdapterException refusal = assertThrows(AdapterException.class,
                () -> AdapterFile.of(description(tiny, 4), weights).checkFits(tiny));
        assertEquals("the adapter's tensor " + missing.name() + " is missing", refusal.getMessage());
        assertThrows(AdapterException.class,
                () -> AdapterFile.of(description(tiny, 8), weights(tiny, 4)).checkFits(tiny));
    }

    @Test
    void weightsThatAreNoNumbersAreRefused() {
        byte[] bytes = adapter(tiny, 4).bytes();
        bytes[bytes.length - 1] = 0x7e; // sign, exponent of ones, and a fraction
        bytes[bytes.length - 2] = 0;
        assertThrows(AdapterException.class, () -> AdapterFile.read(bytes));
    }

    /** Whatever happens to the bytes on their way, they are read as an adapter or refused. */
    @Test
    void damageIsRefusedOrHarmless() throws Exception {
        byte[] whole = adapter(tiny, 4).bytes();
        int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        for (int length : new int[] {0, 7, 8, 100, 8 + header, whole.length - 1}) {
            assertThrows(AdapterException.class, () -> AdapterFile.read(Arrays.copyOf(whole, length)), length + " bytes");
        }
        Random random = new Random(3);
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(8 + header)] = (byte) random.nextInt();
            try {
                AdapterFile.read(damaged).checkFits(tiny);
            } catch (AdapterException refused) {
                assertTrue(refused.getMessage().length() > 10);
            }
        }
    }

    private static AdapterFile adapter(Checkpoint checkpoint, int rank) {
        return AdapterFile.of(description(checkpoint, rank), weights(checkpoint, rank));
    }

    private static Description description(Checkpoint checkpoint, int rank) {
        return new Description(checkpoint.hash(), rank, 2.0 * rank, "news", LABELS);
    }

    private static List<Entry> weights(Checkpoint checkpoint, int rank) {
        Random random = new Random(1);
        List<Entry> weights = new ArrayList<>();
        AdapterFile.shapes(checkpoint.config(), rank).forEach((name, shape) -> {
            long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            ByteBuffer data = ByteBuffer.allocate((int) (2 * count)).order(ByteOrder.LITTLE_ENDIAN);
            while (data.hasRemaining()) {
                data.putShort((short) random.nextInt(0x7c00));
            }
            weights.add(new Entry(name, ElementType.F16, shape, data.flip()::duplicate));
        });
        return weights;
    }
}
