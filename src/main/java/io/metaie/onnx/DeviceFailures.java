package io.metaie.onnx;

import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Locale;

/** Tells failures of a device or its memory, which no query is to blame for, from others. */
final class DeviceFailures {

    private static final List<String> SIGNS = List.of("alloc", "memory", "cuda", "cudnn", "cublas");

    private DeviceFailures() {}

    /** ORT has no code for them; what it says names the library that failed. */
    static boolean isOne(OrtException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return SIGNS.stream().anyMatch(message::contains);
    }
}
