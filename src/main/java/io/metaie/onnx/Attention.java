package io.metaie.onnx;

/** How a graph computes attention, each sequence's tokens among themselves; of inputs of the graph that it declares. */
interface Attention {

    /**
     * The states of all tokens, {@code [T, H]}, of those of the distinct ones, {@code [U, H]}: tokens of the same id at the
     * same place do not differ before the first attention.
     */
    String ofTokens(String distinct);

    /**
     * Builds the first attention, for every token.
     *
     * @param query of the distinct tokens, {@code [U, H]}, as key and value
     * @return the heads' joined contexts, {@code [T, H]}
     */
    String ofDistinct(String query, String key, String value);

    /**
     * Builds it for every token.
     *
     * @param query {@code [T, H]}, as key and value
     * @return the heads' joined contexts, {@code [T, H]}
     */
    String ofAll(String query, String key, String value);

    /**
     * Builds it for the words asked for alone.
     *
     * @param query of what is {@linkplain #asking asking}
     * @param key {@code [T, H]}, as value
     * @return the heads' joined contexts, {@code [W, H]}
     */
    String ofWords(String query, String key, String value);

    /**
     * Whose queries the attention for words takes.
     *
     * @param states of all tokens, {@code [T, H]}
     * @param asked of the words asked for, {@code [W, H]}
     * @return one of the two
     */
    String asking(String states, String asked);

    /** The graph's input that says which tokens are asked for, {@code [W]}. */
    String words();
}
