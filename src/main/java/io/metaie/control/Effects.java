package io.metaie.control;

import io.metaie.adapter.AdapterParts.Part;
import io.metaie.task.DeletedTask;
import io.metaie.task.TaskState;
import java.util.List;
import java.util.Optional;

/**
 * What a command, or the end of a job, does.
 *
 * @param change what becomes of its task, if anything does
 * @param parts what is written of adapters
 * @param events what is told
 */
record Effects(Optional<Change> change, List<Part> parts, List<Event> events) {

    /** Nothing at all. */
    static final Effects NONE = new Effects(Optional.empty(), List.of(), List.of());

    /**
     * A task as it is from now on.
     *
     * @param state empty when it is gone
     * @param deleted what is remembered of it then
     */
    record Change(String task, Optional<TaskState> state, DeletedTask deleted) {}

    /** A task as it is from now on, and what is told of it. */
    static Effects put(TaskState state, Event... events) {
        return put(state, List.of(), List.of(events));
    }

    /** The same with parts of adapters. */
    static Effects put(TaskState state, List<Part> parts, List<Event> events) {
        return new Effects(
                Optional.of(new Change(state.name(), Optional.of(state), DeletedTask.NONE)), List.copyOf(parts), List.copyOf(events));
    }

    /** A task is gone, and its adapters with it. */
    static Effects delete(String task, DeletedTask deleted, List<Part> parts, List<Event> events) {
        return new Effects(
                Optional.of(new Change(task, Optional.empty(), deleted)), List.copyOf(parts), List.copyOf(events));
    }

    /** The same, of which nobody is told. */
    Effects untold() {
        return new Effects(change, parts, List.of());
    }

    /** No task changes, and somebody is told why. */
    static Effects only(Event event) {
        return only(event, List.of());
    }

    /** Nothing, but parts of adapters that nobody will need are taken away. */
    static Effects only(List<Part> parts) {
        return new Effects(Optional.empty(), List.copyOf(parts), List.of());
    }

    /** The same, and parts of adapters that nobody will need are taken away. */
    static Effects only(Event event, List<Part> parts) {
        return new Effects(Optional.empty(), List.copyOf(parts), List.of(event));
    }
}
