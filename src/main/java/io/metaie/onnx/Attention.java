package io.metaie.onnx;

/** How a graph computes attention, each sequence's tokens among themselves; of inputs of the graph that it declares. */
interface Attention {

    /**
     * Builds it for every token.
     *
     * @param query {@code [T, H]}, as key and value
     * @return the heads' joined contexts, {@code [T, H]}
     */
    String ofAll(String query, String key, String value);

    /** The same for the words asked for alone, {@code [W, H]}. */
    String ofWords(String query, String key, String value);

    /** The graph's input that says which tokens are asked for, {@code [W]}. */
    String words();
}
