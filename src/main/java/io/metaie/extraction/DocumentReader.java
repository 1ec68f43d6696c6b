package io.metaie.extraction;

import io.metaie.label.LabelSet;
import io.metaie.record.InboundRecord;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import io.metaie.task.TaskDefinition;
import io.metaie.task.Tasks;
import io.metaie.text.Document;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a record as a document and settles what is asked of it: its own labels, else its task's, else the default
 * task's, else those of the {@link DocumentDefaults}.
 */
public final class DocumentReader {

    private final Tasks tasks;
    private final DocumentDefaults defaults;
    private final int maxBytes;

    /** @param maxBytes larger values are rejected */
    public DocumentReader(Tasks tasks, int maxBytes) {
        this(tasks, DocumentDefaults.NONE, maxBytes);
    }

    /**
     * @param defaults what holds where neither a document nor its task says anything
     * @param maxBytes larger values are rejected
     */
    public DocumentReader(Tasks tasks, DocumentDefaults defaults, int maxBytes) {
        this.tasks = tasks;
        this.defaults = defaults;
        this.maxBytes = maxBytes;
    }

    /**
     * Reads a record.
     *
     * @throws RejectedDocumentException when it is not a document or nothing can be asked of it
     */
    public ExtractionRequest read(InboundRecord record) {
        RecordText value = RecordText.of(record, maxBytes);
        return request(value.isJson() ? DocumentJson.parse(value.text()) : DocumentJson.ofText(value.text()),
                value.fallbackId());
    }

    /**
     * Waits, without a thread, until every task is known that was defined before this call: before that, {@code
     * unknown-task} may be a mistake.
     */
    public CompletableFuture<Void> present() {
        return tasks.present();
    }

    private ExtractionRequest request(DocumentJson json, String fallbackId) {
        String text = json.text().orElseThrow(() -> new RejectedDocumentException(Reason.MISSING_TEXT,
                "the document has no \"text\", or one that is not a string"));
        Optional<TaskDefinition> task = json.task().isPresent()
                ? Optional.of(tasks.find(json.task().get()).orElseThrow(() -> unknown(json.task().get())))
                : json.labels().isPresent() ? Optional.empty() : tasks.defaultTask();
        LabelSet labels = json.labels().map(LabelsJson::set)
                .or(() -> task.map(TaskDefinition::labels))
                .or(defaults::labels)
                .filter(set -> !set.isEmpty())
                .orElseThrow(() -> new RejectedDocumentException(Reason.NO_LABELS,
                        "the document names no labels and no task, and there are none by default"));
        return new ExtractionRequest(
                new Document(json.id().orElse(fallbackId), text),
                task.map(TaskDefinition::name),
                labels,
                json.threshold().or(() -> task.map(TaskDefinition::threshold)).orElse(defaults.threshold()),
                json.exclusive().or(() -> task.map(TaskDefinition::exclusive)).orElse(defaults.exclusive()),
                json.metadata(),
                task.map(TaskDefinition::adapter).orElse(defaults.adapter()),
                List.of());
    }

    private static RejectedDocumentException unknown(String task) {
        return new RejectedDocumentException(Reason.UNKNOWN_TASK, "nobody defined the task \"" + task + "\"");
    }
}
