package io.metaie.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which device and precision are taken, on a machine with one GPU and on one without. */
class DeviceChoiceTest {

    private final List<String> warnings = new ArrayList<>();

    private String open(int gpus, String device, String precision) throws DeviceException {
        return new DeviceChoice<>(new DeviceChoice.Opener<String>() {
            @Override
            public String cpu(Precision asked) {
                return "cpu " + asked;
            }

            @Override
            public String cuda(Device.Cuda asked, Precision in) throws DeviceException {
                if (asked.index() >= gpus) {
                    throw new DeviceException("The device " + asked + " cannot be had: there is none");
                }
                return asked + " " + in;
            }
        }, warnings::add).open(Device.parse(device), Precision.parse(precision));
    }

    @ParameterizedTest
    @CsvSource({
        "1,auto,auto,cuda:0 fp16", "1,auto,fp32,cuda:0 fp32", "1,auto,fp16,cuda:0 fp16", "1,auto,int8,cpu int8",
        "1,cuda,auto,cuda:0 fp16", "1,cuda:0,fp32,cuda:0 fp32", "2,cuda:1,fp16,cuda:1 fp16",
        "1,cpu,auto,cpu auto", "0,cpu,fp32,cpu fp32", "0,cpu,int8,cpu int8", "0,auto,int8,cpu int8"
    })
    void whatIsThereIsTaken(int gpus, String device, String precision, String taken) throws Exception {
        assertEquals(taken, open(gpus, device, precision));
        assertEquals(List.of(), warnings);
    }

    @ParameterizedTest
    @CsvSource({"auto,cpu auto", "fp32,cpu fp32"})
    void autoTakesTheProcessorAndWarnsOnce(String precision, String taken) throws Exception {
        assertEquals(taken, open(0, "auto", precision));
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("there is none"), warnings::toString);
    }

    @ParameterizedTest
    @CsvSource({"0,cuda,auto,cuda:0", "1,cuda:1,auto,cuda:1", "0,auto,fp16,cuda:0", "1,cuda,int8,int8", "1,cpu,fp16,fp16"})
    void whatIsAskedForIsNeverReplaced(int gpus, String device, String precision, String named) {
        String message = assertThrows(DeviceException.class, () -> open(gpus, device, precision)).getMessage();
        assertTrue(message.contains(named), message);
        assertEquals(List.of(), warnings);
    }
}
