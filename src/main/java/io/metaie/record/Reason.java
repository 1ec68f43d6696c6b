package io.metaie.record;

/** Why a record is dead-lettered. */
public enum Reason {
    INVALID_UTF8("invalid-utf8"),
    INVALID_JSON("invalid-json"),
    MISSING_TEXT("missing-text"),
    INVALID_LABELS("invalid-labels"),
    NO_LABELS("no-labels"),
    UNKNOWN_TASK("unknown-task"),
    EMPTY_RECORD("empty-record"),
    TOO_LARGE("too-large"),
    TEACHER_REFUSED("teacher-refused"),
    FAILED("failed");

    private final String wireName;

    Reason(String wireName) {
        this.wireName = wireName;
    }

    /** The name in headers, metrics and problems. */
    public String wireName() {
        return wireName;
    }
}
