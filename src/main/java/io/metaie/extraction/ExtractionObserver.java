package io.metaie.extraction;

import java.util.List;

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

    /** A document was read, sentence by sentence. */
    default void read(ExtractionRequest request, List<ReadSentence> sentences) {}

    /** Two that hear of the same. */
    static ExtractionObserver both(ExtractionObserver one, ExtractionObserver other) {
        return new ExtractionObserver() {
            @Override
            public void stage(Stage stage, long nanos) {
                one.stage(stage, nanos);
                other.stage(stage, nanos);
            }

            @Override
            public void extracted(ExtractionRequest request, Extraction extraction, int queries) {
                one.extracted(request, extraction, queries);
                other.extracted(request, extraction, queries);
            }

            @Override
            public void read(ExtractionRequest request, List<ReadSentence> sentences) {
                one.read(request, sentences);
                other.read(request, sentences);
            }
        };
    }

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
