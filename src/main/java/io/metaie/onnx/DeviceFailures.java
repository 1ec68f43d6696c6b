package io.metaie.onnx;

import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Locale;

/** Tells failures of a device, its memory or the process, which no query is to blame for, from others. */
final class DeviceFailures {

    private static final List<String> SIGNS = List.of("alloc", "memory", "cuda", "cudnn", "cublas");

    private DeviceFailures() {}

    /** ORT has no code for them; what it says names the library that failed. */
    static boolean isOne(OrtException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return SIGNS.stream().anyMatch(message::contains) || jvmIsEnding();
    }

    // ONNX Runtime has a shutdown hook of its own (in OrtEnvironment) that takes away what running sessions need: their
    // batches then fail ("Attempt to use DefaultLogger but none has been registered").
    private static boolean jvmIsEnding() {
        Thread probe = new Thread(() -> {}, "is-the-jvm-ending");
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
