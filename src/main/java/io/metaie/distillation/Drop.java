package io.metaie.distillation;

/** Why something of an answer is not taken. */
public enum Drop {
    /** No label in front of the colon, or none that could be asked. */
    NO_LABEL("no-label"),
    /** A label longer than labels may be. */
    LABEL_TOO_LONG("label-too-long"),
    /** Nothing behind the colon, or a word for nothing. */
    NO_SPAN("no-span"),
    /** A span longer than a span of a sentence could usefully be. */
    SPAN_TOO_LONG("span-too-long"),
    /** The format of the prompt, or a key of JSON, repeated instead of filled in. */
    PLACEHOLDER("placeholder"),
    /** The last line of an answer that was cut at its length. */
    CUT("cut"),
    /** JSON that cannot be read, or says nothing of labels and spans. */
    MALFORMED("malformed"),
    /** More pairs than an answer may have. */
    TOO_MANY("too-many"),
    /** The sentence does not hold the span as whole words. */
    NOT_IN_SENTENCE("not-in-sentence"),
    /** But for case, white space or quotes it stands in the sentence, more than once. */
    NOT_UNIQUE("not-unique"),
    /** The same pair more often than the sentence holds the span. */
    REPEATED("repeated"),
    /** It shares words with a span of the same label. */
    OVERLAPPING("overlapping");

    private final String wireName;

    Drop(String wireName) {
        this.wireName = wireName;
    }

    /** The name in metrics and reports. */
    public String wireName() {
        return wireName;
    }
}
