package io.metaie.tagging;

/** The tags of the BIO scheme as this project numbers them, whatever a checkpoint's own order is. */
public final class Tag {

    /** The first word of a span. */
    public static final byte B = 0;
    /** A further word of the span before it. */
    public static final byte I = 1;
    /** A word outside all spans. */
    public static final byte O = 2;

    private Tag() {}
}
