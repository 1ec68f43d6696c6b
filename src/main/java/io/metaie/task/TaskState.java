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
 * @param jobs what was accepted and has not ended, oldest first; the first of them runs, the others wait for it
 * @param commandIds the ids of the latest commands carried out, oldest first, {@value DeletedTask#MAX_COMMAND_IDS} at most
 */
public record TaskState(
        String name,
        LabelSet labels,
        double threshold,
        boolean exclusive,
        Versions versions,
        List<Job> jobs,
        List<String> commandIds) {

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
     */
    public record Versions(List<TaskVersion> all, int last, int active) {

        public Versions {
            all = List.copyOf(all);
        }

        /** The same with another one in force. */
        public Versions activated(int number) {
            return new Versions(all, last, number);
        }

        /** An adapted version. */
        public Optional<TaskVersion> find(int number) {
            return all.stream().filter(version -> version.number() == number).findFirst();
        }
    }

    /**
     * A task just defined: no versions, the meta-model in force.
     *
     * @param before what is remembered of a task of this name that was deleted: its numbers are not given again
     */
    public static TaskState defined(
            String name, LabelSet labels, double threshold, boolean exclusive, DeletedTask before) {
        return new TaskState(name, labels, threshold, exclusive, new Versions(List.of(), before.lastVersion(), 0), List.of(),
                before.commandIds());
    }

    /** What is remembered of it when it is deleted. */
    public DeletedTask deleted() {
        return new DeletedTask(versions.last(), commandIds);
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

    /** The same with one more job, behind the others. */
    public TaskState with(Job job) {
        List<Job> more = new ArrayList<>(jobs);
        more.add(job);
        return with(more);
    }

    /** The same with other jobs. */
    public TaskState with(List<Job> others) {
        return new TaskState(name, labels, threshold, exclusive, versions, others, commandIds);
    }

    /** The same without a job. */
    public TaskState without(Job job) {
        return with(jobs.stream().filter(other -> !other.equals(job)).toList());
    }

    /** The same, and the command is remembered as carried out; one without an id leaves no trace. */
    public TaskState carriedOut(Optional<String> commandId) {
        return new TaskState(name, labels, threshold, exclusive, versions, jobs, DeletedTask.remembering(commandIds, commandId));
    }
}
