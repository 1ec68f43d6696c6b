package io.metaie.extraction;

import io.metaie.label.LabelSet;
import io.metaie.tagging.Adapter;
import java.util.Optional;

/**
 * What holds for documents that say nothing themselves and have no task that does.
 *
 * @param labels what is asked of them
 * @param threshold spans with a lower score are left out
 * @param exclusive whether their labels exclude one another
 * @param adapter the weights that answer
 */
public record DocumentDefaults(Optional<LabelSet> labels, double threshold, boolean exclusive, Adapter adapter) {

    /** No labels; every span is kept. */
    public static final DocumentDefaults NONE = new DocumentDefaults(Optional.empty(), 0, false, Adapter.NONE);
}
