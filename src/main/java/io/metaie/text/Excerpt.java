package io.metaie.text;

/** The beginning of a text, for messages. */
public final class Excerpt {

    private Excerpt() {}

    /**
     * The text itself if it is short, else its beginning and an ellipsis. Never parts a surrogate pair.
     *
     * @param most code points that are left whole
     * @param shown code points that are shown of a longer one
     */
    public static String of(String text, int most, int shown) {
        return text.codePointCount(0, text.length()) <= most ? text : text.substring(0, text.offsetByCodePoints(0, shown)) + "…";
    }
}
