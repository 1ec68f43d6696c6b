package io.metaie.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of a task that was deleted, so that a task defined again under its name goes on from there: an id
 * such as {@code news@3} never means other weights than before, and a command repeated is not carried out again. It
 * travels in a header of the task's tombstone, and lasts as long as the brokers keep that: {@code delete.retention.ms},
 * a day by default, after the topic was compacted.
 *
 * @param lastVersion the highest number ever given to a version, 0 if none was
 * @param commandIds the ids of the latest commands carried out, oldest first, {@value #MAX_COMMAND_IDS} at most
 */
public record DeletedTask(int lastVersion, List<String> commandIds) {

    /** So many ids of commands are remembered of a task; a command repeated after so many others is a new one. */
    public static final int MAX_COMMAND_IDS = 200;

    /** Nothing is remembered. */
    public static final DeletedTask NONE = new DeletedTask(0, List.of());

    public DeletedTask {
        commandIds = List.copyOf(commandIds);
    }

    /** The same, and one more command. */
    public DeletedTask carriedOut(Optional<String> commandId) {
        return new DeletedTask(lastVersion, remembering(commandIds, commandId));
    }

    static List<String> remembering(List<String> commandIds, Optional<String> commandId) {
        if (commandId.filter(id -> !commandIds.contains(id)).isEmpty()) {
            return commandIds;
        }
        List<String> ids = new ArrayList<>(commandIds);
        ids.add(commandId.get());
        return ids.subList(Math.max(0, ids.size() - MAX_COMMAND_IDS), ids.size());
    }
}
