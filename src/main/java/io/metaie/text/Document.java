package io.metaie.text;

/**
 * A text to be read, with its name.
 *
 * @param id what the publisher calls it
 * @param text the text, untouched
 */
public record Document(String id, String text) {}
