package io.metaie.record;

/** A document cannot be answered, for a reason that lies in the document. Carries no stack trace: it is an answer. */
public final class RejectedDocumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** @param cause what is wrong, in words for the publisher */
    public RejectedDocumentException(Reason reason, String cause) {
        super(cause, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
