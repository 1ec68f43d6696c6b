package io.metaie.control;

import io.metaie.task.Job;
import io.metaie.task.TaskState;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads commands again that had to wait for others of their task. */
final class WaitingCommands implements Jobs.Work {

    private final CommandLog log;

    WaitingCommands(CommandLog log) {
        this.log = log;
    }

    @Override
    public JobEnd run(TaskState task, Job job, Consumer<Event> tell) {
        Optional<byte[]> value = log.read(job.place());
        if (value.isPresent()) {
            return new JobEnd.Due(value.get());
        }
        return new JobEnd.Told(CommandHandler.failed(task.name(), job, CommandLog.GONE));
    }
}
