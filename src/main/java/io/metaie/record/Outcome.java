package io.metaie.record;

/** What becomes of a record: one of these, exactly once. */
public sealed interface Outcome {

    /**
     * The record was answered.
     *
     * @param documentId the key of the extraction
     * @param json the extraction as the contract writes it, UTF-8
     * @param spans how many spans it holds
     */
    record Extracted(String documentId, byte[] json, int spans) implements Outcome {}

    /**
     * The record cannot be answered and goes to the dead letters.
     *
     * @param cause what is wrong, in words for the publisher
     */
    record Rejected(Reason reason, String cause) implements Outcome {}
}
