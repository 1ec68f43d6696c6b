package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.NullNode;
import io.metaie.control.Command.Activate;
import io.metaie.control.Command.Evaluate;
import io.metaie.control.CommandHandler.Received;
import io.metaie.control.Event.AdaptationCompleted;
import io.metaie.control.Event.AdaptationStarted;
import io.metaie.control.Event.AdapterActivated;
import io.metaie.control.Event.CommandRejected;
import io.metaie.control.Event.TaskDefined;
import io.metaie.control.Event.TaskDeleted;
import io.metaie.task.ControlPlace;
import io.metaie.task.DeletedTask;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import io.metaie.task.TaskVersion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Commands that take their time, those that wait behind them, and what becomes of both. */
class TaskJobsTest extends HandledCommands {

    /** The first job of a task ends. */
    private Effects ended(TaskState task, JobEnd end) {
        return handler.ended(task.jobs().get(0), end, Optional.of(task), reader);
    }

    private TaskState queue(TaskState task, int offset, String command) throws Exception {
        byte[] value = command.replace('\'', '"').getBytes(UTF_8);
        Received received = new Received(reader.read(Optional.of(value)), value, new ControlPlace("id", 0, offset));
        Effects effects = handler.handle(received, Optional.of(task), DeletedTask.NONE);
        assertEquals(List.of(), effects.events(), "it waits");
        return state(effects);
    }

    private Effects due(TaskState task, String command) {
        return ended(task, new JobEnd.Due(command.replace('\'', '"').getBytes(UTF_8)));
    }

    private static JobEnd.Made made(int version, boolean activate) {
        return new JobEnd.Made(version(version), List.of(), Optional.empty(), 1, activate, "why");
    }

    @Test
    void anEvaluationIsAJobUntilItEnds() {
        Evaluate evaluate = new Evaluate("n", Optional.of("e"), OptionalInt.empty(), List.of(NullNode.instance));
        TaskState task = state(handle(evaluate, adapted()));
        Job job = task.jobs().get(0);
        assertEquals(new Job(Job.Kind.EVALUATE, Optional.of("e"), PLACE, 3), job);
        Event end = new TaskDeleted(evaluate.about());
        Effects ended = handler.ended(job, new JobEnd.Told(end), Optional.of(task), reader);
        assertEquals(List.of(), state(ended).jobs());
        assertEquals(List.of(end), ended.events());
        assertEquals(Effects.NONE, handler.ended(job, new JobEnd.Told(end), Optional.of(state(ended)), reader), "a second end");
        assertEquals(Effects.NONE, handler.ended(job, new JobEnd.Told(end), Optional.empty(), reader), "the task is gone");
    }

    @Test
    void anAdaptationIsAJobWithAVersionOfItsOwn() throws Exception {
        Effects effects = handle(adapt("a", EXAMPLE), adapted());
        TaskState accepted = state(effects);
        assertEquals(new Job(Job.Kind.ADAPT, Optional.of("a"), PLACE, 4), accepted.jobs().get(0));
        AdaptationStarted started = assertInstanceOf(AdaptationStarted.class, effects.events().get(0));
        assertEquals(List.of(4, 1, 1), List.of(started.version(), started.sentences(), started.spans()));
        Effects made = ended(accepted, made(4, true));
        assertEquals(4, state(made).active());
        assertEquals(List.of(1, 3, 4), state(made).versions().all().stream().map(TaskVersion::number).toList());
        assertTrue(assertInstanceOf(AdaptationCompleted.class, made.events().get(0)).activated());
        assertEquals(3, assertInstanceOf(AdapterActivated.class, made.events().get(1)).previous());
    }

    @Test
    void commandsBehindAnAdaptationTakeEffectInOrder() throws Exception {
        String activate = "{'type':'activate','task':'n','version':4,'commandId':'b'}";
        String evaluate = "{'type':'evaluate','task':'n','examples':[{'text':'Ada.'}],'commandId':'c'}";
        String define = "{'type':'define-task','task':'n','labels':['B'],'commandId':'d'}";
        String again = "{'type':'adapt','task':'n','examples':[{'text':'Ada.','spans':[{'label':'B','text':'Ada'}]}]}";
        TaskState task = state(handle(adapt("a", EXAMPLE), adapted()));
        int offset = 18;
        for (String command : List.of(activate, evaluate, define, again)) {
            task = queue(task, offset++, command);
        }
        assertEquals(3, task.active());
        assertEquals("A", task.labels().labels().get(0).name());
        assertEquals(Effects.NONE, handle(new Activate("n", Optional.of("b"), 1), task), "the same command again");

        task = state(ended(task, made(4, false)));
        Effects activated = due(task, activate);
        assertEquals(4, assertInstanceOf(AdapterActivated.class, activated.events().get(0)).version());
        Effects evaluating = due(state(activated), evaluate);
        assertEquals(List.of(), evaluating.events());
        assertEquals(List.of(Job.Kind.EVALUATE, Job.Kind.COMMAND, Job.Kind.COMMAND),
                state(evaluating).jobs().stream().map(Job::kind).toList(), "before those that came after it");
        assertEquals(4, state(evaluating).jobs().get(0).version(), "the version that is active when its turn comes");
        task = state(ended(state(evaluating), new JobEnd.Told(new TaskDeleted(adapt("c", EXAMPLE).about()))));
        Effects defined = due(task, define);
        assertInstanceOf(TaskDefined.class, defined.events().get(0));
        Effects started = due(state(defined), again);
        assertEquals(5, assertInstanceOf(AdaptationStarted.class, started.events().get(0)).version());
        assertEquals(1, state(started).jobs().size());
    }

    @Test
    void aCommandThatWaitedInVainLetsTheNextOneFollow() throws Exception {
        TaskState task = state(handle(adapt("a", EXAMPLE), adapted()));
        String seventh = "{'type':'activate','task':'n','version':7,'commandId':'b'}";
        task = queue(queue(task, 18, seventh), 19, "{'type':'activate','task':'n','version':0}");
        Effects rejected = due(state(ended(task, made(4, true))), seventh);
        assertTrue(assertInstanceOf(CommandRejected.class, rejected.events().get(0)).reason().contains("no version 7"));
        assertEquals(1, state(rejected).jobs().size());
        Effects unreadable = due(state(ended(task, made(4, true))), "{");
        assertInstanceOf(CommandRejected.class, unreadable.events().get(0));
        assertEquals(1, state(unreadable).jobs().size());
    }

    @Test
    void anImportIsAJobWithAVersionOfItsOwn() {
        Command.Import given = new Command.Import("n", Optional.of("i"), "u1", 1, "", AdaptOptions.Activation.ALWAYS);
        Effects effects = handle(given, adapted());
        assertEquals(List.of(new Job(Job.Kind.IMPORT, Optional.of("i"), PLACE, 4)), state(effects).jobs());
        Effects rejected = handle(given, null);
        assertTrue(rejection(rejected).contains("no task"));
        assertEquals(List.of("n/upload-u1/0"), rejected.parts().stream().map(part -> part.key()).toList());
    }

    @Test
    void tenVersionsAreKept() throws Exception {
        TaskState task = state(handle(new Activate("n", Optional.empty(), 1), adapted()));
        for (int version = 4; version <= 14; version++) {
            TaskState accepted = state(handle(adapt("a" + version, EXAMPLE), task));
            Effects made = handler.ended(accepted.jobs().get(0), made(version, false), Optional.of(accepted), reader);
            task = state(made);
            if (version == 14) {
                assertEquals(List.of("n/5/0", "n/5/1"), made.parts().stream().map(part -> part.key()).toList());
            }
        }
        assertEquals(CommandHandler.MAX_VERSIONS, task.versions().all().size());
        assertTrue(task.hasVersion(1), "the active one stays");
    }

    @Test
    void jobsAreBounded() {
        TaskState task = adapted();
        for (int i = 0; i < CommandHandler.MAX_JOBS; i++) {
            task = task.with(new Job(Job.Kind.EVALUATE, Optional.empty(), new ControlPlace("id", 0, i), 0));
        }
        assertTrue(rejection(handle(
                new Evaluate("n", Optional.empty(), OptionalInt.of(0), List.of(NullNode.instance)), task)).contains("under way"));
    }
}
