package io.metaie.onnx;

import java.util.Locale;

/** In which arithmetic a tagger is to compute: {@code metaie.precision}. */
public enum Precision {
    /** What suits the device. */
    AUTO,
    /** 32-bit floats. */
    FP32,
    /** 16-bit floats. */
    FP16,
    /** 8-bit integers in the linear layers. */
    INT8;

    /**
     * Reads {@code auto}, {@code fp32}, {@code fp16} or {@code int8}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Precision parse(String text) {
        for (Precision precision : values()) {
            if (precision.toString().equals(text)) {
                return precision;
            }
        }
        throw new IllegalArgumentException("A precision is auto, fp32, fp16 or int8, not '" + text + "'");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
