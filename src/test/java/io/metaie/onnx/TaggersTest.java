package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.checkpoint.ActivationRanges;
import io.metaie.checkpoint.ActivationRanges.Accuracy;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.checkpoint.CheckpointCopy;
import io.metaie.tagging.Tagger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaggersTest {

    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cuda:0", "cuda:12"})
    void devicesAreRead(String text) {
        assertEquals(text, Device.parse(text).toString());
    }

    @Test
    void aGpuWithoutNumberIsTheFirst() {
        assertEquals(new Device.Cuda(0), Device.parse("cuda"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:x", "cuda:99999999999", " cpu"})
    void otherDevicesAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Device.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "fp32", "fp16", "int8"})
    void precisionsAreRead(String text) {
        assertEquals(text, Precision.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "FP32", "bf16", "float"})
    void otherPrecisionsAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Precision.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"auto,auto", "auto,fp32", "cpu,auto", "cpu,fp32"})
    void theProcessorComputesInFp32(String device, String precision) throws Exception {
        try (Tagger tagger =
                Taggers.open(Cases.open("tiny-roberta"), Device.parse(device), Precision.parse(precision), 0)) {
            assertEquals("cpu", tagger.device());
            assertEquals("fp32", tagger.precision());
        }
    }

    @ParameterizedTest
    @CsvSource({"cuda,auto,cuda:0", "cuda:1,fp32,cuda:1", "cpu,fp16,fp16", "auto,fp16,cuda:0", "cuda,int8,int8"})
    void whatCannotBeHadIsRefused(String device, String precision, String named) throws Exception {
        assertTrue(refusal(Cases.open("tiny-roberta"), device, precision).contains(named));
    }

    private static String refusal(Checkpoint checkpoint, String device, String precision) {
        return assertThrows(
                        DeviceException.class,
                        () -> Taggers.open(checkpoint, Device.parse(device), Precision.parse(precision), 0))
                .getMessage();
    }

    @Test
    void integersWithoutCalibrationSayWhatToRun() throws Exception {
        String message = refusal(Cases.open("tiny-roberta"), "cpu", "int8");
        assertTrue(message.contains("tiny-roberta --calibrate FILE"),
                message);
    }

    @Test
    void integersAreHadAfterCalibration(@TempDir Path directory) throws Exception {
        CheckpointCopy.of("tiny-roberta", directory);
        Checkpoint checkpoint = Checkpoint.open(directory);
        ranges(checkpoint).write(directory);
        try (Tagger tagger = Taggers.open(checkpoint, new Device.Cpu(), Precision.INT8, 0)) {
            assertEquals("cpu", tagger.device());
            assertEquals("int8", tagger.precision());
        }
        // Nobody has measured what they cost.
        try (Tagger tagger = Taggers.open(checkpoint, new Device.Cpu(), Precision.AUTO, 0)) {
            assertEquals("fp32", tagger.precision());
        }
    }

    @Test
    void theCalibrationOfAnotherModelIsRefused(@TempDir Path directory) throws Exception {
        CheckpointCopy.of("tiny-roberta", directory);
        Checkpoint checkpoint = Checkpoint.open(directory);
        ActivationRanges own = ranges(checkpoint);
        new ActivationRanges("0123456789ab", own.ranges(), List.of(new Accuracy("set", 50, 50))).write(directory);
        String message = refusal(checkpoint, "cpu", "int8");
        assertTrue(message.contains("belongs to the model 0123456789ab"), message);
        try (Tagger tagger = Taggers.open(checkpoint, new Device.Cpu(), Precision.AUTO, 0)) {
            assertEquals("fp32", tagger.precision());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "[]", "{\"model\": \"HASH\"}",
        "{\"model\": \"HASH\", \"ranges\": {\"roberta.encoder.layer.0.attention.self\": [1, 0]}}"})
    void aDamagedCalibrationIsRefused(String content, @TempDir Path directory) throws Exception {
        CheckpointCopy.of("tiny-roberta", directory);
        Checkpoint checkpoint = Checkpoint.open(directory);
        Files.writeString(directory.resolve(ActivationRanges.FILE), content.replace("HASH", checkpoint.hash()));
        String message = refusal(checkpoint, "cpu", "int8");
        assertTrue(message.contains("calibrate again"), message);
    }

    private static ActivationRanges ranges(Checkpoint checkpoint) throws Exception {
        try (Calibration calibration = new Calibration(checkpoint)) {
            calibration.observe(Cases.of("tiny-roberta").stream().map(Cases.Case::query).toList());
            return calibration.ranges();
        }
    }
}
