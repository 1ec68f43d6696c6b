package io.metaie.control;

import io.metaie.adaptation.GivenExamples;
import io.metaie.adaptation.LearningSet;
import io.metaie.adapter.AdapterParts;
import io.metaie.adapter.AdapterParts.Part;
import io.metaie.control.Command.Activate;
import io.metaie.control.Command.Adapt;
import io.metaie.control.Command.DefineTask;
import io.metaie.control.Command.DeleteTask;
import io.metaie.control.Command.Evaluate;
import io.metaie.control.Command.Import;
import io.metaie.control.Command.Learn;
import io.metaie.control.Event.AdaptationCompleted;
import io.metaie.control.Event.AdaptationFailed;
import io.metaie.control.Event.AdaptationStarted;
import io.metaie.control.Event.AdapterActivated;
import io.metaie.control.Event.AdapterIncompatible;
import io.metaie.control.Event.CommandRejected;
import io.metaie.control.Event.TaskDefined;
import io.metaie.control.Event.TaskDeleted;
import io.metaie.distillation.TaskExamples;
import io.metaie.task.ControlPlace;
import io.metaie.task.DeletedTask;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import io.metaie.task.TaskState.Versions;
import io.metaie.task.TaskVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides what a command does to its task. What it decides happens when it is committed.
 *
 * <p>The commands of a task take effect one after the other, each upon the task as those before it leave it: one that
 * comes while an adaptation, import or evaluation of its task is under way waits, as a job itself, and is read again when
 * its turn comes. So {@code evaluate} behind {@code adapt} measures what that made, {@code activate} can name the version
 * it will make and has the last word whatever its gate decides, and {@code define-task} does not take the labels away
 * from examples that were accepted with them. The price is that a roll back waits for an adaptation under way; the
 * version in force meanwhile is the one before, and {@code delete-task}, which makes all that waits pointless, does not
 * wait but ends it. Commands of other tasks wait for none of this.
 */
final class CommandHandler {

    /** So many commands of one task may be under way. */
    static final int MAX_JOBS = 100;
    /** So many versions of a task are kept. */
    static final int MAX_VERSIONS = 10;

    private final Weights weights;

    /** What there is of adapted weights. */
    interface Weights {

        /** Why a version of a task cannot be put in force, if so. */
        Optional<String> fault(String task, TaskVersion version);

        /** The keys of the parts that were put there to be imported into a task. */
        List<String> uploads(String task);

        /** Why there is nothing to learn from a teacher, if it is plain. */
        Optional<String> withoutTeacher();
    }

    CommandHandler(Weights weights) {
        this.weights = weights;
    }

    /** A command with the record it came in. */
    record Received(Command command, byte[] value, ControlPlace place) {

        CommandRejected rejected(String reason) {
            return new CommandRejected(command.about(), reason, Optional.of(value));
        }
    }

    /**
     * A command that has just come.
     *
     * @param task the command's task as it is, if there is one
     * @param deleted what is remembered of it otherwise
     */
    Effects handle(Received received, Optional<TaskState> task, DeletedTask deleted) {
        Command command = received.command();
        List<String> carriedOut = task.map(TaskState::commandIds).orElse(deleted.commandIds());
        if (command.commandId().filter(carriedOut::contains).isPresent()) {
            boolean underWay = task.stream().flatMap(known -> known.jobs().stream())
                    .anyMatch(job -> job.commandId().equals(command.commandId()));
            return underWay ? Effects.NONE : Effects.only(uploaded(command));
        }
        if (task.isEmpty() || task.get().jobs().isEmpty() || command instanceof DeleteTask) {
            return carryOut(received, task, deleted);
        }
        if (task.get().jobs().size() >= MAX_JOBS) {
            return rejected(received, MAX_JOBS + " commands of task \"" + command.task()
                    + "\" are still under way; try again later");
        }
        return Effects.put(task.get().with(new Job(Job.Kind.COMMAND, command.commandId(), received.place(), 0))
                .carriedOut(command.commandId()));
    }

    /** A command whose turn has come; its job is the first of the task's. */
    private Effects due(Received received, Job job, TaskState task) {
        List<Job> waiting = task.without(job).jobs();
        Effects effects = carryOut(received, Optional.of(task.with(List.of())), DeletedTask.NONE);
        TaskState state = effects.change().flatMap(Effects.Change::state).orElse(task.with(List.of()));
        // What the command may go on with comes before what waits.
        List<Job> jobs = new ArrayList<>(state.jobs());
        jobs.addAll(waiting);
        return Effects.put(state.with(jobs), effects.parts(), effects.events());
    }

    private Effects carryOut(Received received, Optional<TaskState> task, DeletedTask deleted) {
        Command command = received.command();
        if (command instanceof DefineTask define) {
            return define(define, task, deleted);
        }
        if (task.isEmpty()) {
            return rejected(received, "there is no task \"" + command.task() + "\"");
        }
        if (command instanceof DeleteTask) {
            return delete(command, task.get());
        }
        if (command instanceof Activate activate) {
            return activate(received, activate, task.get());
        }
        if (command instanceof Evaluate evaluate) {
            return evaluate(received, evaluate, task.get());
        }
        if (command instanceof Import given) {
            return accept(received, Job.Kind.IMPORT, task.get());
        }
        return adapt(received, (Adapt) command, task.get());
    }

    /** A command that is not carried out; what was put there for it is taken away. */
    static Effects rejected(Received received, String reason) {
        return Effects.only(received.rejected(reason), uploaded(received.command()));
    }

    /** What was no command, or not of this service. */
    Effects rejected(InvalidCommandException fault, Optional<byte[]> value) {
        return Effects.only(new CommandRejected(fault.about(), fault.getMessage(), value), uploaded(fault));
    }

    private static List<Part> uploaded(Command command) {
        return command instanceof Import given
                ? AdapterParts.tombstones(AdapterParts.keys(
                        AdapterParts.uploadPrefix(given.task(), given.upload()), given.parts()))
                : List.of();
    }

    private List<Part> uploaded(InvalidCommandException fault) {
        if (fault.about().task().isEmpty() || fault.upload().isEmpty()) {
            return List.of();
        }
        String task = fault.about().task().get();
        String prefix = AdapterParts.uploadPrefix(task, fault.upload().get());
        return AdapterParts.tombstones(weights.uploads(task).stream().filter(key -> key.startsWith(prefix)).toList());
    }

    private static Effects define(DefineTask define, Optional<TaskState> task, DeletedTask deleted) {
        TaskState state = task
                .map(known -> known.redefined(define.labels(), define.threshold(), define.exclusive()))
                .orElseGet(() -> TaskState.defined(
                        define.task(), define.labels(), define.threshold(), define.exclusive(), deleted));
        return Effects.put(state.carriedOut(define.commandId()), new TaskDefined(define.about(), define.labels()));
    }

    private Effects delete(Command command, TaskState task) {
        List<Event> events = new ArrayList<>();
        for (Job job : task.jobs()) {
            events.add(failed(task.name(), job, "the task was deleted meanwhile"));
        }
        events.add(new TaskDeleted(command.about()));
        List<Part> parts = new ArrayList<>();
        task.versions().all().forEach(version -> parts.addAll(AdapterParts.tombstones(task.name(), version)));
        parts.addAll(AdapterParts.tombstones(weights.uploads(task.name())));
        return Effects.delete(task.name(), task.carriedOut(command.commandId()).deleted(), parts, events);
    }

    private Effects activate(Received received, Activate activate, TaskState task) {
        if (!task.hasVersion(activate.version())) {
            return rejected(received, noVersion(activate.version(), task));
        }
        Versions versions = task.versions();
        Optional<String> unusable = versions.find(activate.version()).flatMap(known -> weights.fault(task.name(), known));
        if (unusable.isPresent()) {
            return rejected(received, "version " + activate.version() + " of task \"" + task.name()
                    + "\" cannot be put in force: " + unusable.get());
        }
        return Effects.put(
                task.with(versions.activated(activate.version())).carriedOut(activate.commandId()),
                new AdapterActivated(activate.about(), activate.version(), task.active(), "by command"));
    }

    private static Effects evaluate(Received received, Evaluate evaluate, TaskState task) {
        int version = evaluate.version().orElse(task.active());
        if (!task.hasVersion(version)) {
            return rejected(received, noVersion(version, task));
        }
        Job job = new Job(Job.Kind.EVALUATE, evaluate.commandId(), received.place(), version);
        return Effects.put(task.with(job).carriedOut(evaluate.commandId()));
    }

    private Effects adapt(Received received, Adapt adapt, TaskState task) {
        if (adapt.from() instanceof Learn.Distilled collected) {
            Optional<String> unknown = TaskExamples.unknown(task.labels(), collected.labels());
            if (unknown.isPresent()) {
                return rejected(received, "\"labels\": \"" + unknown.get() + "\" is not among the task's labels without a head");
            }
            Optional<String> nothing = weights.withoutTeacher();
            return nothing.isPresent() ? rejected(received, nothing.get()) : accept(received, Job.Kind.ADAPT, task);
        }
        GivenExamples examples = GivenExamples.read(((Learn.Examples) adapt.from()).examples(), task.labels());
        if (!examples.faults().isEmpty() && !adapt.options().skipInvalid()) {
            return rejected(received, examples.reason());
        }
        LearningSet set = LearningSet.of(examples.examples());
        if (!set.hasSpans()) {
            return rejected(received, "no example has a span: there is nothing to learn");
        }
        return accept(received, Job.Kind.ADAPT, task, new AdaptationStarted(adapt.about(), task.versions().last() + 1,
                set.sentences().size(), set.spans(), examples.faults().size(), set.warnings()));
    }

    /** Something makes a version, whose number is given to nothing else even if it comes to nothing. */
    private static Effects accept(Received received, Job.Kind kind, TaskState task, Event... events) {
        Optional<String> id = received.command().commandId();
        Versions versions = task.versions();
        int number = versions.last() + 1;
        return Effects.put(
                task.with(new Versions(versions.all(), number, versions.active()))
                        .with(new Job(kind, id, received.place(), number))
                        .carriedOut(id),
                events);
    }

    /** How it is told that a job came to nothing. */
    static Event failed(String task, Job job, String reason) {
        About about = new About(Optional.of(task), job.commandId());
        return job.kind() == Job.Kind.ADAPT
                ? new AdaptationFailed(about, job.version(), reason)
                : new CommandRejected(about, reason, Optional.empty());
    }

    private static String noVersion(int version, TaskState task) {
        String known = task.versions().all().stream()
                .map(one -> String.valueOf(one.number())).collect(Collectors.joining(", "));
        return "task \"" + task.name() + "\" has no version " + version + "; it has "
                + (known.isEmpty() ? "only 0, the meta-model" : "0, the meta-model, and " + known);
    }

    /**
     * A job has ended. Nothing happens if it is no longer wanted.
     *
     * @param reader reads a command whose turn has come
     */
    Effects ended(Job job, JobEnd end, Optional<TaskState> task, CommandReader reader) {
        if (task.filter(state -> state.jobs().contains(job)).isEmpty()) {
            return Effects.NONE;
        }
        TaskState rest = task.get().without(job);
        if (end instanceof JobEnd.Made made) {
            return made(job, made, rest);
        }
        if (end instanceof JobEnd.Told told) {
            return Effects.put(rest, told.parts(), List.of(told.event()));
        }
        byte[] value = ((JobEnd.Due) end).value();
        try {
            return due(new Received(reader.read(Optional.of(value)), value, job.place()), job, task.get());
        } catch (InvalidCommandException e) {
            // It was a command when it came; the settings are others now.
            return Effects.put(rest, uploaded(e),
                    List.of(new CommandRejected(e.about(), e.getMessage(), Optional.of(value))));
        }
    }

    private static Effects made(Job job, JobEnd.Made made, TaskState task) {
        Versions before = task.versions();
        List<TaskVersion> all = new ArrayList<>(before.all());
        all.add(made.version());
        int active = made.activate() ? job.version() : before.active();
        List<Part> parts = new ArrayList<>(made.parts());
        for (int i = 0; all.size() > MAX_VERSIONS; ) {
            TaskVersion old = all.get(i);
            if (old.number() == active || old.number() == before.active()) {
                i++;
            } else {
                all.remove(i);
                parts.addAll(AdapterParts.tombstones(task.name(), old));
            }
        }
        About about = new About(Optional.of(task.name()), job.commandId());
        List<Event> events = new ArrayList<>();
        events.add(new AdaptationCompleted(about, job.version(), made.version().model(), made.gate(), made.seconds(),
                made.activate(), made.reason()));
        if (made.activate()) {
            events.add(new AdapterActivated(about, job.version(), before.active(), made.reason()));
        }
        return Effects.put(task.with(new Versions(all, before.last(), active)), parts, events);
    }

    /** The version in force was made for another model: the task goes on with the meta-model. */
    static Effects incompatible(TaskState task, String reason) {
        return Effects.put(task.with(task.versions().activated(0)),
                new AdapterIncompatible(new About(Optional.of(task.name()), Optional.empty()), task.active(), reason));
    }
}
