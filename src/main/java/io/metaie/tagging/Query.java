package io.metaie.tagging;

/**
 * One question to the tagger: {@code <label> : <sentence words>} as token ids.
 *
 * @param tokens {@code [tokens]}: bos, label words, colon, sentence words, eos; at most the encoder's
 *     {@link WordEncoder#maxTokens()}
 * @param firsts {@code [words]}: where in {@code tokens} each word's first sub-token stands, ascending
 */
public record Query(int[] tokens, int[] firsts) {

    /** What the query costs, in tokens. */
    public int length() {
        return tokens.length;
    }
}
