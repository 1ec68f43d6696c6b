package io.metaie.tagging;

/** Turns words into the token ids of one model. Safe for any number of threads. */
public interface WordEncoder {

    /**
     * The sub-token ids of one word standing behind a space, special tokens left out and never produced by the text of
     * the word. Never empty: a word that tokenises to nothing is the unknown token. Only the first {@link #MAX_UNITS}
     * UTF-16 units of the word are read. The array belongs to the encoder and must not be changed.
     */
    int[] encode(String word);

    /** The id that begins every query. */
    int bos();

    /** The id that ends every query. */
    int eos();

    /** The most tokens a query may have, the special ones included. */
    int maxTokens();

    /** How much of one word is read, in UTF-16 units. */
    int MAX_UNITS = 4096;
}
