package io.metaie.adaptation;

import io.metaie.evaluation.Example;

/**
 * An example with its place among those that were given.
 *
 * @param number its index, from 0
 */
public record NumberedExample(int number, Example example) {}
