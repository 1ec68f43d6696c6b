package io.metaie.tagging;

/**
 * The answer to one {@link Query}.
 *
 * @param tags {@code [words]}: the most probable tag of each word, as {@link Tag} numbers them
 * @param probabilities {@code [words]}: the probability of that tag, 0 to 1
 */
public record Tags(byte[] tags, float[] probabilities) {}
