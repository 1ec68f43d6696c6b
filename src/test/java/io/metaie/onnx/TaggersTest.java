package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.tagging.Tagger;
import org.junit.jupiter.api.Test;
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
    @CsvSource({"cuda,auto,cuda:0", "cuda:1,fp32,cuda:1", "cpu,int8,int8", "auto,fp16,fp16", "auto,int8,int8"})
    void whatCannotBeHadIsRefused(String device, String precision, String named) throws Exception {
        var checkpoint = Cases.open("tiny-roberta");
        String message = assertThrows(
                        DeviceException.class,
                        () -> Taggers.open(checkpoint, Device.parse(device), Precision.parse(precision), 0))
                .getMessage();
        assertTrue(message.contains(named) && message.contains("not available in this version"), message);
    }
}
