package io.metaie.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.NullNode;
import io.metaie.control.Command.Activate;
import io.metaie.control.Command.DefineTask;
import io.metaie.control.Command.DeleteTask;
import io.metaie.control.Command.Evaluate;
import io.metaie.control.CommandHandler.Received;
import io.metaie.control.Event.AdapterActivated;
import io.metaie.control.Event.CommandRejected;
import io.metaie.control.Event.TaskDefined;
import io.metaie.control.Event.TaskDeleted;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.task.ControlPlace;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import io.metaie.task.TaskVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CommandHandlerTest {

    private static final LabelSet LABELS = LabelSet.of(List.of(Label.named("A")));
    private static final LabelSet OTHERS = LabelSet.of(List.of(Label.named("B")));
    private static final ControlPlace PLACE = new ControlPlace("id", 0, 17);

    private final CommandHandler handler = new CommandHandler();

    /** A task with versions 1 and 3, the latter active. */
    private static TaskState adapted() {
        List<TaskVersion> versions = List.of(new TaskVersion(1, "m@0", Optional.empty(), Instant.EPOCH),
                new TaskVersion(3, "m@0", Optional.of(0.5), Instant.EPOCH));
        return new TaskState("n", LABELS, 0, false, versions, 3, 3, List.of(), List.of());
    }

    private Effects handle(Command command, TaskState task) {
        return handler.handle(new Received(command, new byte[0], PLACE), Optional.ofNullable(task));
    }

    private static TaskState state(Effects effects) {
        return effects.change().orElseThrow().state().orElseThrow();
    }

    private static String rejection(Effects effects) {
        assertTrue(effects.change().isEmpty());
        return assertInstanceOf(CommandRejected.class, effects.events().get(0)).reason();
    }

    @Test
    void aNewTaskBeginsWithTheMetaModel() {
        Effects effects = handle(new DefineTask("n", Optional.of("c"), LABELS, 0.5, true), null);
        TaskState state = state(effects);
        assertEquals(0, state.active());
        assertEquals(List.of("c"), state.commandIds());
        assertEquals(0.5, state.definition().threshold());
        assertInstanceOf(TaskDefined.class, effects.events().get(0));
    }

    @Test
    void aTaskDefinedAgainKeepsItsVersions() {
        TaskState state = state(handle(new DefineTask("n", Optional.empty(), OTHERS, 0, false), adapted()));
        assertEquals(3, state.active());
        assertEquals(2, state.versions().size());
        assertEquals("B", state.labels().labels().get(0).name());
    }

    @Test
    void theSameIdIsCarriedOutOnce() {
        DefineTask define = new DefineTask("n", Optional.of("c"), LABELS, 0, false);
        TaskState once = state(handle(define, null));
        assertEquals(Effects.NONE, handle(define, once));
        assertEquals(Effects.NONE, handle(new DeleteTask("n", Optional.of("c")), once));
    }

    @Test
    void idsAreRememberedWithinBounds() {
        TaskState task = adapted();
        for (int i = 0; i < 1_000; i++) {
            task = task.carriedOut(Optional.of("c" + i));
        }
        assertEquals(TaskState.MAX_COMMAND_IDS, task.commandIds().size());
        assertTrue(task.commandIds().contains("c999"));
        assertFalse(task.commandIds().contains("c1"));
    }

    @Test
    void versionsAreActivatedForthAndBack() {
        Effects back = handle(new Activate("n", Optional.empty(), 1), adapted());
        assertEquals(1, state(back).active());
        AdapterActivated event = assertInstanceOf(AdapterActivated.class, back.events().get(0));
        assertEquals(1, event.version());
        assertEquals(3, event.previous());
        assertEquals(0, state(handle(new Activate("n", Optional.empty(), 0), adapted())).active());
        String reason = rejection(handle(new Activate("n", Optional.empty(), 2), adapted()));
        assertTrue(reason.contains("no version 2") && reason.contains("1, 3"), reason);
    }

    @Test
    void whatIsAskedOfATaskNobodyDefinedIsRejected() {
        for (Command command : List.of(new DeleteTask("n", Optional.empty()), new Activate("n", Optional.empty(), 0),
                new Evaluate("n", Optional.empty(), OptionalInt.empty(), List.of(NullNode.instance)))) {
            assertTrue(rejection(handle(command, null)).contains("no task \"n\""));
        }
    }

    @Test
    void anEvaluationIsAJobUntilItEnds() {
        Evaluate evaluate = new Evaluate("n", Optional.of("e"), OptionalInt.empty(), List.of(NullNode.instance));
        TaskState task = state(handle(evaluate, adapted()));
        Job job = task.jobs().get(0);
        assertEquals(new Job(Job.Kind.EVALUATE, Optional.of("e"), PLACE, 3), job);
        Event end = new TaskDeleted(evaluate.about());
        Effects ended = CommandHandler.ended(job, end, Optional.of(task));
        assertEquals(List.of(), state(ended).jobs());
        assertEquals(List.of(end), ended.events());
        assertEquals(Effects.NONE, CommandHandler.ended(job, end, Optional.of(state(ended))), "a second end");
        assertEquals(Effects.NONE, CommandHandler.ended(job, end, Optional.empty()), "the task is gone");
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

    @Test
    void deletingEndsWhatIsUnderWay() {
        TaskState task = adapted().with(new Job(Job.Kind.EVALUATE, Optional.of("e"), PLACE, 3));
        Effects effects = handle(new DeleteTask("n", Optional.of("d")), task);
        assertEquals(Optional.empty(), effects.change().orElseThrow().state());
        assertEquals(Optional.of("e"), assertInstanceOf(CommandRejected.class, effects.events().get(0)).about().commandId());
        assertInstanceOf(TaskDeleted.class, effects.events().get(1));
    }
}
