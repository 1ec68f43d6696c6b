package io.metaie.control;

import io.metaie.task.Job;
import io.metaie.task.TaskState;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A job whose command is read again from its topic when it runs.
 *
 * @param <C> the command
 */
final class CommandWork<C extends Command> implements Jobs.Work {

    private final CommandLog log;
    private final CommandReader reader;
    private final Class<C> type;
    private final Body<C> body;

    /** Does what a command says. */
    @FunctionalInterface
    interface Body<C> {

        /**
         * Does it, however long that takes.
         *
         * @param value the command as it came
         * @param tell is told how it goes
         * @return how it ended
         * @throws InterruptedException when it is no longer wanted here
         */
        JobEnd run(C command, byte[] value, TaskState task, Job job, Consumer<Event> tell) throws InterruptedException;
    }

    CommandWork(CommandLog log, CommandReader reader, Class<C> type, Body<C> body) {
        this.log = log;
        this.reader = reader;
        this.type = type;
        this.body = body;
    }

    @Override
    public JobEnd run(TaskState task, Job job, Consumer<Event> tell) throws InterruptedException {
        Optional<byte[]> value = log.read(job.place());
        if (value.isEmpty()) {
            return new JobEnd.Told(CommandHandler.failed(task.name(), job, CommandLog.GONE));
        }
        C command;
        try {
            command = type.cast(reader.read(value));
        } catch (InvalidCommandException | ClassCastException e) {
            // It was such a command when it came; the settings are others now.
            return new JobEnd.Told(CommandHandler.failed(task.name(), job, String.valueOf(e.getMessage())));
        }
        return body.run(command, value.get(), task, job, tell);
    }
}
