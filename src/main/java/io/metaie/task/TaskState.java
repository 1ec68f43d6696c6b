package io.metaie.task;

import io.metaie.label.LabelSet;
import io.metaie.tagging.Adapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All there is to know of a task: the record of the state topic.
 *
 * @param name its name
 * @param labels what it asks; never empty
 * @param threshold spans with a lower score are left out, 0 to 1
 * @param exclusive whether its labels exclude one another
 * @param versions its adapted versions, oldest first
 * @param lastVersion the highest number ever given to a version, 0 before the first
 * @param active the version in force; 0 is the meta-model
 * @param jobs what was accepted and has not ended, oldest first
 * @param commandIds the ids of the latest commands carried out, oldest first, {@value #MAX_COMMAND_IDS} at most
 */
public record TaskState(
        String name,
        LabelSet labels,
        double threshold,
        boolean exclusive,
        List<TaskVersion> versions,
        int lastVersion,
        int active,
        List<Job> jobs,
        List<String> commandIds) {

    /** So many ids of commands are remembered. */
    public static final int MAX_COMMAND_IDS = 200;

    public TaskState {
        versions = List.copyOf(versions);
        jobs = List.copyOf(jobs);
        commandIds = List.copyOf(commandIds);
    }

    /** A task just defined: no versions, the meta-model in force. */
    public static TaskState defined(String name, LabelSet labels, double threshold, boolean exclusive) {
        return new TaskState(name, labels, threshold, exclusive, List.of(), 0, 0, List.of(), List.of());
    }

    /** What documents of this task are asked. */
    public TaskDefinition definition() {
        Adapter adapter = active == 0 ? Adapter.NONE : new Adapter(name, active);
        return new TaskDefinition(name, labels, threshold, exclusive, adapter);
    }

    /** Whether there is such a version; the meta-model, 0, always is. */
    public boolean hasVersion(int number) {
        return number == 0 || versions.stream().anyMatch(version -> version.number() == number);
    }

    /** The same with another definition; versions, the active one among them, stay. */
    public TaskState redefined(LabelSet newLabels, double newThreshold, boolean newExclusive) {
        return new TaskState(
                name, newLabels, newThreshold, newExclusive, versions, lastVersion, active, jobs, commandIds);
    }

    /** The same with another version in force. */
    public TaskState activated(int version) {
        return new TaskState(name, labels, threshold, exclusive, versions, lastVersion, version, jobs, commandIds);
    }

    /** The same with one more job. */
    public TaskState with(Job job) {
        List<Job> more = new ArrayList<>(jobs);
        more.add(job);
        return new TaskState(name, labels, threshold, exclusive, versions, lastVersion, active, more, commandIds);
    }

    /** The same without a job. */
    public TaskState without(Job job) {
        List<Job> fewer = jobs.stream().filter(other -> !other.equals(job)).toList();
        return new TaskState(name, labels, threshold, exclusive, versions, lastVersion, active, fewer, commandIds);
    }

    /** The same, and the command is remembered as carried out; one without an id leaves no trace. */
    public TaskState carriedOut(Optional<String> commandId) {
        if (commandId.isEmpty()) {
            return this;
        }
        List<String> ids = new ArrayList<>(commandIds);
        ids.add(commandId.get());
        List<String> latest = ids.subList(Math.max(0, ids.size() - MAX_COMMAND_IDS), ids.size());
        return new TaskState(name, labels, threshold, exclusive, versions, lastVersion, active, jobs, latest);
    }
}
