package io.metaie.evaluation;

import io.metaie.label.LabelSet;
import java.util.List;

/**
 * An annotated text: a sentence to evaluate on or to learn from.
 *
 * @param text the text, untouched
 * @param labels what was asked of it; a label without spans is known to have none
 * @param spans what it holds, in the order annotated, each with a label of {@code labels}
 */
public record Example(String text, LabelSet labels, List<LabelledSpan> spans) {

    public Example {
        spans = List.copyOf(spans);
    }
}
