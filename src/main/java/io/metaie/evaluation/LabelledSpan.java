package io.metaie.evaluation;

import io.metaie.label.Label;
import java.util.Optional;

/**
 * A span as annotated or as found. Two are the same when label, place and head are: this is the exact match that scores
 * count.
 *
 * @param label what it is called
 * @param start offset of the first UTF-16 unit in the text
 * @param end offset behind the last UTF-16 unit
 * @param head the span it was asked about; present if and only if the label is of another
 */
public record LabelledSpan(Label label, int start, int end, Optional<LabelledSpan> head) {}
