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
 * @param versions what has been made of it
 * @param jobs what was accepted and has not ended, oldest first
 * @param commandIds the ids of the latest commands carried out, oldest first, {@value #MAX_COMMAND_IDS} at most
 */
public record TaskState(
        String name,
        LabelSet labels,
        double threshold,
        boolean exclusive,
        Versions versions,
        List<Job> jobs,
        List<String> commandIds) {

    /** So many ids of commands are remembered. */
    public static final int MAX_COMMAND_IDS = 200;

    public TaskState {
        jobs = List.copyOf(jobs);
        commandIds = List.copyOf(commandIds);
    }

    /**
     * The versions of a task.
     *
     * @param all adapted versions, oldest first
     * @param last the highest number ever given to one, 0 before the first
     * @param active the one in force; 0 is the meta-model
     * @param activatedAt the offset of the last command that put one in force, -1 before the first
     */
    public record Versions(List<TaskVersion> all, int last, int active, long activatedAt) {

        /** Of a task just defined: the meta-model is in force. */
        public static final Versions NONE = new Versions(List.of(), 0, 0, -1);

        public Versions {
            all = List.copyOf(all);
        }

        /** An adapted version. */
        public Optional<TaskVersion> find(int number) {
            return all.stream().filter(version -> version.number() == number).findFirst();
        }
    }

    /** A task just defined: no versions, the meta-model in force. */
    public static TaskState defined(String name, LabelSet labels, double threshold, boolean exclusive) {
        return new TaskState(name, labels, threshold, exclusive, Versions.NONE, List.of(), List.of());
    }

    /** The version in force; 0 is the meta-model. */
    public int active() {
        return versions.active();
    }

    /** What documents of this task are asked, of the weights that are in force here. */
    public TaskDefinition definition(Adapter adapter) {
        return new TaskDefinition(name, labels, threshold, exclusive, adapter);
    }

    /** Whether there is such a version; the meta-model, 0, always is. */
    public boolean hasVersion(int number) {
        return number == 0 || versions.find(number).isPresent();
    }

    /** The same with another definition; versions, the active one among them, stay. */
    public TaskState redefined(LabelSet newLabels, double newThreshold, boolean newExclusive) {
        return new TaskState(name, newLabels, newThreshold, newExclusive, versions, jobs, commandIds);
    }

    /** The same with other versions. */
    public TaskState with(Versions changed) {
        return new TaskState(name, labels, threshold, exclusive, changed, jobs, commandIds);
    }

    /** The same with one more job. */
    public TaskState with(Job job) {
        List<Job> more = new ArrayList<>(jobs);
        more.add(job);
        return new TaskState(name, labels, threshold, exclusive, versions, more, commandIds);
    }

    /** The same without a job. */
    public TaskState without(Job job) {
        List<Job> fewer = jobs.stream().filter(other -> !other.equals(job)).toList();
        return new TaskState(name, labels, threshold, exclusive, versions, fewer, commandIds);
    }

    /** The same, and the command is remembered as carried out; one without an id leaves no trace. */
    public TaskState carriedOut(Optional<String> commandId) {
        if (commandId.isEmpty()) {
            return this;
        }
        List<String> ids = new ArrayList<>(commandIds);
        ids.add(commandId.get());
        List<String> latest = ids.subList(Math.max(0, ids.size() - MAX_COMMAND_IDS), ids.size());
        return new TaskState(name, labels, threshold, exclusive, versions, jobs, latest);
    }
}
