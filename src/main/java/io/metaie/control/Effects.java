package io.metaie.control;

import io.metaie.task.TaskState;
import java.util.List;
import java.util.Optional;

/**
 * What a command, or the end of a job, does.
 *
 * @param change what becomes of its task, if anything does
 * @param events what is told
 */
record Effects(Optional<Change> change, List<Event> events) {

    /** Nothing at all. */
    static final Effects NONE = new Effects(Optional.empty(), List.of());

    /**
     * A task as it is from now on.
     *
     * @param state empty when it is gone
     */
    record Change(String task, Optional<TaskState> state) {}

    /** A task as it is from now on, and what is told of it. */
    static Effects put(TaskState state, Event... events) {
        return new Effects(Optional.of(new Change(state.name(), Optional.of(state))), List.of(events));
    }

    /** A task is gone. */
    static Effects delete(String task, List<Event> events) {
        return new Effects(Optional.of(new Change(task, Optional.empty())), List.copyOf(events));
    }

    /** Nothing changes, and somebody is told why. */
    static Effects only(Event event) {
        return new Effects(Optional.empty(), List.of(event));
    }
}
