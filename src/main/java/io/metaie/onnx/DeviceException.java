package io.metaie.onnx;

import io.metaie.checkpoint.Checkpoint;

/** The device or the precision asked for cannot be had. The message says what can. */
public final class DeviceException extends Exception {

    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }

    /** ONNX Runtime, or its native library, fails. */
    static DeviceException cannotRun(Checkpoint checkpoint, Throwable cause) {
        return new DeviceException(
                "ONNX Runtime cannot run " + checkpoint.id() + " on this machine: " + cause.getMessage(), cause);
    }
}
