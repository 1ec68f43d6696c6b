package io.metaie.extraction;

/** Hears of the work done for documents. Must be quick and must not throw. */
public interface ExtractionObserver {

    /** Hears nothing. */
    ExtractionObserver NONE = new ExtractionObserver() {
        @Override
        public void stage(Stage stage, long nanos) {}

        @Override
        public void extracted(ExtractionRequest request, Extraction extraction, int queries) {}
    };

    /** A stage of a document's way through was passed, in so many nanoseconds. */
    void stage(Stage stage, long nanos);

    /** A document was answered, with so many queries in all stages. */
    void extracted(ExtractionRequest request, Extraction extraction, int queries);

    /** The stages of a document's way through, in order. */
    enum Stage {
        PARSE,
        TOKENIZE,
        QUEUE,
        INFER,
        DECODE,
        PUBLISH
    }
}
