package io.metaie.adaptation;

import io.metaie.evaluation.Example;
import java.util.List;

/**
 * A way to part sentences.
 *
 * @param learned what is learned from
 * @param held what is measured on
 */
record Fold(List<Example> learned, List<Example> held) {}
