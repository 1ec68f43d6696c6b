package io.metaie.control;

import io.metaie.adapter.AdapterParts;
import io.metaie.adapter.AdapterParts.Part;
import io.metaie.adapter.AdapterStore;
import io.metaie.checkpoint.AdapterException;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.AdapterFile.Description;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.control.Command.Import;
import io.metaie.control.Event.CommandRejected;
import io.metaie.extraction.LabelsJson;
import io.metaie.label.Label;
import io.metaie.record.RejectedDocumentException;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import io.metaie.task.TaskVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Makes versions of tasks of adapters that were made elsewhere. The parts that the publisher put on the adapters' topic
 * are read, checked, and written again as those of the version; what the publisher put there is taken away, whatever the
 * outcome.
 */
final class Imports implements CommandWork.Body<Import> {

    private static final Logger LOG = Logger.getLogger(Imports.class);
    private static final long PATIENCE_SECONDS = 30;

    private final Supplier<Checkpoint> checkpoint;
    private final AdapterStore store;
    private final int partBytes;

    /** @param partBytes how large a part of an adapter may be */
    Imports(Supplier<Checkpoint> checkpoint, AdapterStore store, int partBytes) {
        this.checkpoint = checkpoint;
        this.store = store;
        this.partBytes = partBytes;
    }

    @Override
    public JobEnd run(Import command, byte[] value, TaskState task, Job job, Consumer<Event> tell)
            throws InterruptedException {
        List<String> keys = AdapterParts.keys(AdapterParts.uploadPrefix(task.name(), command.upload()), command.parts());
        try {
            awaitPresent();
            long start = System.nanoTime();
            byte[] file = store.read("to import into " + task.name(), keys, command.sha256());
            check(AdapterFile.read(file), task);
            return made(task, job, command, file, keys, System.nanoTime() - start);
        } catch (AdapterException e) {
            return rejected(task, job, "the adapter is not imported: " + e.getMessage(), value, keys);
        } catch (RuntimeException e) {
            if (Jobs.passes(e)) {
                throw e;
            }
            LOG.errorf(e, "Task %s: the import of the command at %s failed", task.name(), job.place());
            return rejected(task, job, "an internal fault: " + e, value, keys);
        }
    }

    /** What was put there before the command was published is known from here on. */
    private void awaitPresent() throws InterruptedException {
        try {
            store.present().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the adapters' topic cannot be read now", e);
        }
    }

    /** An adapter answers what it has learned: a label it has not seen would be answered by chance. */
    private void check(AdapterFile file, TaskState task) throws AdapterException {
        file.checkFits(checkpoint.get());
        Description description = file.description();
        if (!description.task().isBlank() && !description.task().equals(task.name())) {
            throw new AdapterException("it was made for the task \"" + description.task() + "\"");
        }
        List<Label> learned;
        try {
            learned = LabelsJson.parse(description.labels()).labels();
        } catch (RejectedDocumentException e) {
            throw new AdapterException("its labels cannot be read: " + e.getMessage());
        }
        List<Label> missing = new ArrayList<>(task.labels().labels());
        missing.removeAll(learned);
        if (!missing.isEmpty()) {
            throw new AdapterException("it was made for the labels " + listed(learned) + "; the task also asks "
                    + listed(missing));
        }
    }

    private static String listed(Collection<Label> labels) {
        String listed = labels.stream().limit(20).map(label -> "\"" + label + "\"").collect(Collectors.joining(", "));
        return labels.size() > 20 ? listed + ", …" : listed;
    }

    private JobEnd made(TaskState task, Job job, Import command, byte[] file, List<String> keys, long nanos) {
        List<Part> parts = new ArrayList<>(AdapterParts.cut(
                AdapterParts.prefix(task.name(), job.version()), file, partBytes));
        TaskVersion version = new TaskVersion(job.version(), checkpoint.get().id(), Optional.empty(), Instant.now(),
                parts.size(), command.sha256());
        parts.addAll(AdapterParts.tombstones(keys));
        boolean activate = command.activate() == AdaptOptions.Activation.ALWAYS;
        return new JobEnd.Made(version, parts, Optional.empty(), nanos / 1e9, activate,
                activate ? "imported" : "imported, not to be activated");
    }

    private static JobEnd rejected(TaskState task, Job job, String reason, byte[] value, List<String> keys) {
        About about = new About(Optional.of(task.name()), job.commandId());
        return new JobEnd.Told(new CommandRejected(about, reason, Optional.of(value)), AdapterParts.tombstones(keys));
    }
}
