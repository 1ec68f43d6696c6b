package io.metaie.control;

import io.metaie.control.Command.Activate;
import io.metaie.control.Command.DefineTask;
import io.metaie.control.Command.DeleteTask;
import io.metaie.control.Command.Evaluate;
import io.metaie.control.Event.AdapterActivated;
import io.metaie.control.Event.CommandRejected;
import io.metaie.control.Event.TaskDefined;
import io.metaie.control.Event.TaskDeleted;
import io.metaie.task.ControlPlace;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Decides what a command does to its task. Pure: what it decides happens when it is committed. */
final class CommandHandler {

    /** So many jobs of one task may be under way. */
    static final int MAX_JOBS = 100;

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
        return Effects.only(received.rejected("this service cannot adapt tasks: training is not available here"));
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
            About about = new About(Optional.of(task.name()), job.commandId());
            events.add(new CommandRejected(about, "the task was deleted meanwhile", Optional.empty()));
        }
        events.add(new TaskDeleted(command.about()));
        return Effects.delete(task.name(), events);
    }

    private static Effects activate(Received received, Activate activate, TaskState task) {
        if (!task.hasVersion(activate.version())) {
            return Effects.only(received.rejected(noVersion(activate.version(), task)));
        }
        return Effects.put(
                task.activated(activate.version()).carriedOut(activate.commandId()),
                new AdapterActivated(activate.about(), activate.version(), task.active(), "by command"));
    }

    private static Effects evaluate(Received received, Evaluate evaluate, TaskState task) {
        int version = evaluate.version().orElse(task.active());
        if (!task.hasVersion(version)) {
            return Effects.only(received.rejected(noVersion(version, task)));
        }
        if (task.jobs().size() >= MAX_JOBS) {
            return Effects.only(received.rejected(
                    MAX_JOBS + " commands of task \"" + task.name() + "\" are still under way; try again later"));
        }
        Job job = new Job(Job.Kind.EVALUATE, evaluate.commandId(), received.place(), version);
        return Effects.put(task.with(job).carriedOut(evaluate.commandId()));
    }

    private static String noVersion(int version, TaskState task) {
        String known = task.versions().stream()
                .map(one -> String.valueOf(one.number())).collect(Collectors.joining(", "));
        return "task \"" + task.name() + "\" has no version " + version + "; it has "
                + (known.isEmpty() ? "only 0, the meta-model" : "0, the meta-model, and " + known);
    }

    /** A job has ended. Nothing happens if it is no longer wanted. */
    static Effects ended(Job job, Event event, Optional<TaskState> task) {
        return task.filter(state -> state.jobs().contains(job))
                .map(state -> Effects.put(state.without(job), event))
                .orElse(Effects.NONE);
    }
}
