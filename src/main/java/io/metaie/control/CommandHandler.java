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
import io.metaie.control.Command.Learn;
import io.metaie.control.Event.AdaptationCompleted;
import io.metaie.control.Event.AdaptationFailed;
import io.metaie.control.Event.AdaptationStarted;
import io.metaie.control.Event.AdapterActivated;
import io.metaie.control.Event.CommandRejected;
import io.metaie.control.Event.TaskDefined;
import io.metaie.control.Event.TaskDeleted;
import io.metaie.task.ControlPlace;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import io.metaie.task.TaskState.Versions;
import io.metaie.task.TaskVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Decides what a command does to its task. What it decides happens when it is committed. */
final class CommandHandler {

    /** So many jobs of one task may be under way. */
    static final int MAX_JOBS = 100;
    /** So many versions of a task are kept. */
    static final int MAX_VERSIONS = 10;

    private final BiFunction<String, TaskVersion, Optional<String>> fault;

    /** @param fault why a version of a task cannot be put in force, if so */
    CommandHandler(BiFunction<String, TaskVersion, Optional<String>> fault) {
        this.fault = fault;
    }

    /** A command with the record it came in. */
    record Received(Command command, byte[] value, ControlPlace place) {

        CommandRejected rejected(String reason) {
            return new CommandRejected(command.about(), reason, Optional.of(value));
        }
    }

    /** @param task the command's task as it is, if there is one */
    Effects handle(Received received, Optional<TaskState> task) {
        Command command = received.command();
        Optional<String> id = command.commandId();
        if (id.isPresent() && task.isPresent() && task.get().commandIds().contains(id.get())) {
            return Effects.NONE;
        }
        if (command instanceof DefineTask define) {
            return define(define, task);
        }
        if (task.isEmpty()) {
            return Effects.only(received.rejected("there is no task \"" + command.task() + "\""));
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
        return adapt(received, (Adapt) command, task.get());
    }

    private static Effects define(DefineTask define, Optional<TaskState> task) {
        TaskState state = task
                .map(known -> known.redefined(define.labels(), define.threshold(), define.exclusive()))
                .orElseGet(() -> TaskState.defined(
                        define.task(), define.labels(), define.threshold(), define.exclusive()));
        return Effects.put(state.carriedOut(define.commandId()), new TaskDefined(define.about(), define.labels()));
    }

    private static Effects delete(Command command, TaskState task) {
        List<Event> events = new ArrayList<>();
        for (Job job : task.jobs()) {
            events.add(failed(task.name(), job, "the task was deleted meanwhile"));
        }
        events.add(new TaskDeleted(command.about()));
        List<Part> parts = new ArrayList<>();
        task.versions().all().forEach(version -> parts.addAll(AdapterParts.tombstones(task.name(), version)));
        return Effects.delete(task.name(), parts, events);
    }

    private Effects activate(Received received, Activate activate, TaskState task) {
        if (!task.hasVersion(activate.version())) {
            return Effects.only(received.rejected(noVersion(activate.version(), task)));
        }
        Versions versions = task.versions();
        Optional<String> unusable = versions.find(activate.version()).flatMap(known -> fault.apply(task.name(), known));
        if (unusable.isPresent()) {
            return Effects.only(received.rejected("version " + activate.version() + " of task \"" + task.name()
                    + "\" cannot be put in force: " + unusable.get()));
        }
        Versions changed = new Versions(
                versions.all(), versions.last(), activate.version(), received.place().offset());
        return Effects.put(
                task.with(changed).carriedOut(activate.commandId()),
                new AdapterActivated(activate.about(), activate.version(), task.active(), "by command"));
    }

    private static Effects evaluate(Received received, Evaluate evaluate, TaskState task) {
        int version = evaluate.version().orElse(task.active());
        if (!task.hasVersion(version)) {
            return Effects.only(received.rejected(noVersion(version, task)));
        }
        if (task.jobs().size() >= MAX_JOBS) {
            return Effects.only(received.rejected(busy(task)));
        }
        Job job = new Job(Job.Kind.EVALUATE, evaluate.commandId(), received.place(), version);
        return Effects.put(task.with(job).carriedOut(evaluate.commandId()));
    }

    private static Effects adapt(Received received, Adapt adapt, TaskState task) {
        if (!(adapt.from() instanceof Learn.Examples given)) {
            return Effects.only(received.rejected("\"from\": this service has no collected examples to learn from"));
        }
        if (task.jobs().size() >= MAX_JOBS) {
            return Effects.only(received.rejected(busy(task)));
        }
        GivenExamples examples = GivenExamples.read(given.examples(), task.labels());
        if (!examples.faults().isEmpty() && !adapt.options().skipInvalid()) {
            return Effects.only(received.rejected(examples.reason()));
        }
        LearningSet set = LearningSet.of(examples.examples());
        if (!set.hasSpans()) {
            return Effects.only(received.rejected("no example has a span: there is nothing to learn"));
        }
        Versions versions = task.versions();
        int number = versions.last() + 1;
        Job job = new Job(Job.Kind.ADAPT, adapt.commandId(), received.place(), number);
        return Effects.put(
                task.with(new Versions(versions.all(), number, versions.active(), versions.activatedAt()))
                        .with(job)
                        .carriedOut(adapt.commandId()),
                new AdaptationStarted(adapt.about(), number, set.sentences().size(), set.spans(),
                        examples.faults().size(), set.warnings()));
    }

    private static String busy(TaskState task) {
        return MAX_JOBS + " commands of task \"" + task.name() + "\" are still under way; try again later";
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

    /** A job has ended. Nothing happens if it is no longer wanted. */
    static Effects ended(Job job, JobEnd end, Optional<TaskState> task) {
        return task.filter(state -> state.jobs().contains(job))
                .map(state -> end instanceof JobEnd.Made made
                        ? made(job, made, state.without(job))
                        : Effects.put(state.without(job), ((JobEnd.Told) end).event()))
                .orElse(Effects.NONE);
    }

    private static Effects made(Job job, JobEnd.Made made, TaskState task) {
        Versions before = task.versions();
        // Commands of a task take effect in their order, however long the first of them takes.
        boolean overtaken = before.activatedAt() > job.place().offset();
        boolean activated = made.activate() && !overtaken;
        String reason = made.activate() && overtaken
                ? "not activated, since another version was activated by a later command; " + made.reason() : made.reason();
        List<TaskVersion> all = new ArrayList<>(before.all());
        all.add(made.version());
        int active = activated ? job.version() : before.active();
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
        events.add(new AdaptationCompleted(
                about, job.version(), made.version().model(), made.gate(), made.seconds(), activated, reason));
        if (activated) {
            events.add(new AdapterActivated(about, job.version(), before.active(), reason));
        }
        return Effects.put(task.with(new Versions(all, before.last(), active, before.activatedAt())), parts, events);
    }
}
