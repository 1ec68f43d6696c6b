package io.metaie.onnx;

/** Where a tagger is to run: {@code metaie.device}. */
public sealed interface Device {

    /** The fastest there is. */
    record Auto() implements Device {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /** The processor. */
    record Cpu() implements Device {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /** An NVIDIA GPU by its number. */
    record Cuda(int index) implements Device {
        @Override
        public String toString() {
            return "cuda:" + index;
        }
    }

    /**
     * Reads {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:<n>}.
     *
     * @throws IllegalArgumentException for anything else
     */
    static Device parse(String text) {
        if (text.equals("auto")) {
            return new Auto();
        }
        if (text.equals("cpu")) {
            return new Cpu();
        }
        if (text.matches("cuda(:[0-9]{1,3})?")) {
            int colon = text.indexOf(':');
            return new Cuda(colon < 0 ? 0 : Integer.parseInt(text.substring(colon + 1)));
        }
        throw new IllegalArgumentException("A device is auto, cpu, cuda or cuda:<number>, not '" + text + "'");
    }
}
