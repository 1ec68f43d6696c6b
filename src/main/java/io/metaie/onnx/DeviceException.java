package io.metaie.onnx;

/** The device or the precision asked for cannot be had. The message says what can. */
public final class DeviceException extends Exception {

    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
