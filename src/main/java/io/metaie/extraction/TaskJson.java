package io.metaie.extraction;

import io.metaie.label.LabelSet;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import java.util.List;
import java.util.Optional;

/**
 * A task as files write it: {@code {"task"?, "labels": [...], "threshold"?, "exclusive"?}}, labels as in a document.
 *
 * @param task its name, if the file gives one
 * @param labels what it asks; never empty
 * @param threshold its threshold, if the file gives one
 * @param exclusive whether its labels exclude one another, if the file says so
 */
public record TaskJson(
        Optional<String> task, LabelSet labels, Optional<Double> threshold, Optional<Boolean> exclusive) {

    /**
     * Reads a task. Fields it does not know are ignored.
     *
     * @throws RejectedDocumentException when it is no JSON object or its labels cannot be asked
     */
    public static TaskJson parse(String json) {
        DocumentJson fields = DocumentJson.parse(json.startsWith("\uFEFF") ? json.substring(1) : json);
        LabelSet labels = LabelsJson.set(fields.labels().orElse(List.of()));
        if (labels.isEmpty()) {
            throw new RejectedDocumentException(Reason.NO_LABELS, "the task has no \"labels\"");
        }
        return new TaskJson(fields.task(), labels, fields.threshold(), fields.exclusive());
    }
}
