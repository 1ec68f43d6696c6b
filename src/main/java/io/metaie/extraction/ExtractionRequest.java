package io.metaie.extraction;

import io.metaie.label.LabelSet;
import io.metaie.tagging.Adapter;
import io.metaie.text.Document;
import java.util.List;
import java.util.Optional;

/**
 * A document and what is asked of it.
 *
 * @param document the text and its name
 * @param task the task it names, if any
 * @param labels what to look for; never empty
 * @param threshold spans with a lower score are left out
 * @param exclusive whether of overlapping spans of different labels only the one with the highest score stays
 * @param metadata JSON that the answer carries as it stands
 * @param adapter the weights in force when the document was read; it is answered with them to its end
 * @param warnings what the answer must mention
 */
public record ExtractionRequest(
        Document document,
        Optional<String> task,
        LabelSet labels,
        double threshold,
        boolean exclusive,
        Optional<String> metadata,
        Adapter adapter,
        List<String> warnings) {}
