package io.metaie.tagging;

/**
 * Who asks: queries of different sources take turns.
 *
 * @param name unique among the sources, for example a lane's name
 * @param interactive whether somebody waits for the answer: such queries go first, up to a quarter of all tokens while
 *     others wait
 */
public record Source(String name, boolean interactive) {

    /** A person or program waiting at the other end of an HTTP request. */
    public static final Source INTERACTIVE = new Source("interactive", true);
}
