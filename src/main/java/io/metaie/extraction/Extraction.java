package io.metaie.extraction;

import java.util.List;
import java.util.Optional;

/**
 * What was found in a document.
 *
 * @param documentId the document's name
 * @param task the task it named, if any
 * @param model the model that answered: {@code <name>@<12 hex digits of its SHA-256>}
 * @param adapter the task's adapter that answered, {@code news@3}; empty for the meta-model
 * @param spans in order of start, then end, then the labels' order
 * @param sentences how many sentences the text has
 * @param truncated whether some of the text was not read; {@code warnings} says what
 * @param warnings what the publisher should know
 * @param metadata the document's own, as it stood
 */
public record Extraction(
        String documentId,
        Optional<String> task,
        String model,
        Optional<String> adapter,
        List<ExtractedSpan> spans,
        int sentences,
        boolean truncated,
        List<String> warnings,
        Optional<String> metadata) {

    /**
     * A part of the text that a label names.
     *
     * @param id unique within the extraction
     * @param text the slice of the document's text
     * @param start offset of the first code point in the text
     * @param end offset behind the last code point
     * @param score the mean probability of its tags, 0 to 1
     * @param of the id of the head span it was asked about
     */
    public record ExtractedSpan(
            String id, String label, String text, int start, int end, float score, Optional<String> of) {}
}
