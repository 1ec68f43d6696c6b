package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import io.metaie.task.DeletedTask;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import io.metaie.task.TaskState.Versions;
import io.metaie.task.TaskVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What commands do to a task when they come. */
class CommandHandlerTest extends HandledCommands {

    @Test
    void nothingIsLearnedFromATeacherThatNobodyHas() throws Exception {
        Command adapt = reader.read(Optional.of("{\"type\":\"adapt\",\"task\":\"n\",\"from\":\"distilled\"}"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertEquals(1, state(handle(adapt, adapted())).jobs().size());
        withoutTeacher = Optional.of("there is no such topic");
        assertEquals("there is no such topic", rejection(handle(adapt, adapted())));
    }

    @Test
    void aNewTaskBeginsWithTheMetaModel() {
        Effects effects = handle(new DefineTask("n", Optional.of("c"), LABELS, 0.5, true), null);
        TaskState state = state(effects);
        assertEquals(0, state.active());
        assertEquals(List.of("c"), state.commandIds());
        assertEquals(0.5, state.threshold());
        assertInstanceOf(TaskDefined.class, effects.events().get(0));
    }

    @Test
    void aTaskDefinedAgainKeepsItsVersions() {
        TaskState state = state(handle(new DefineTask("n", Optional.empty(), OTHERS, 0, false), adapted()));
        assertEquals(3, state.active());
        assertEquals(2, state.versions().all().size());
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
        assertEquals(DeletedTask.MAX_COMMAND_IDS, task.commandIds().size());
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
    void aVersionThatIsNotWholeIsNotActivated() {
        TaskVersion damaged = new TaskVersion(4, "m@0", Optional.empty(), Instant.EPOCH, 2, "damaged");
        TaskState task = adapted().with(new Versions(List.of(version(3), damaged), 4, 3));
        assertTrue(rejection(handle(new Activate("n", Optional.empty(), 4), task)).contains("a part of it is missing"));
    }

    @Test
    void whatIsAskedOfATaskNobodyDefinedIsRejected() {
        for (Command command : List.of(new DeleteTask("n", Optional.empty()), new Activate("n", Optional.empty(), 0),
                new Evaluate("n", Optional.empty(), OptionalInt.empty(), List.of(NullNode.instance)))) {
            assertTrue(rejection(handle(command, null)).contains("no task \"n\""));
        }
    }

    @Test
    void aTaskDefinedAgainGoesOnFromWhatItWas() {
        Effects gone = handle(new DeleteTask("n", Optional.of("d")), adapted().carriedOut(Optional.of("c")));
        DeletedTask deleted = gone.change().orElseThrow().deleted();
        assertEquals(new DeletedTask(3, List.of("c", "d")), deleted);
        for (String id : List.of("c", "d")) {
            assertEquals(Effects.NONE, handler.handle(new Received(new DefineTask("n", Optional.of(id), LABELS, 0, false),
                    new byte[0], PLACE), Optional.empty(), deleted), "carried out before the task was deleted");
        }
        TaskState again = state(handler.handle(new Received(new DefineTask("n", Optional.of("e"), LABELS, 0, false),
                new byte[0], PLACE), Optional.empty(), deleted));
        assertEquals(3, again.versions().last());
        assertEquals(0, again.active());
        assertEquals(List.of("c", "d", "e"), again.commandIds());
    }

    @Test
    void whatCannotBeLearnedFromIsRejectedWithTheExamplesIndex() throws Exception {
        for (String bad : List.of("{'text':'Ada.','spans':[{'label':'A','start':2,'end':2}]}", "{'text':'Ada.','spans':[{'label':'A'}]}",
                "{'text':'Ada.','spans':[{'label':'A','start':'2','end':'8'}]}", "{'text':'Ada.','spans':[{'label':'Z','text':'Ada'}]}",
                "{'text':'Ada.','spans':[{'label':'A','text':'Vega'}]}", "{'text':'Ada.','spans':[{'label':'A','start':-1,'end':4}]}")) {
            String reason = rejection(handle(adapt("a", EXAMPLE, bad), adapted()));
            assertTrue(reason.startsWith("examples[1]: "), reason);
        }
        assertTrue(rejection(handle(adapt("a", "{'text':'Ada.','spans':[]}"), adapted())).contains("nothing to learn"));
    }

    @Test
    void deletingEndsWhatIsUnderWay() {
        TaskState task = adapted().with(new Job(Job.Kind.EVALUATE, Optional.of("e"), PLACE, 3));
        Effects effects = handle(new DeleteTask("n", Optional.of("d")), task);
        assertEquals(Optional.empty(), effects.change().orElseThrow().state());
        assertEquals(Optional.of("e"), assertInstanceOf(CommandRejected.class, effects.events().get(0)).about().commandId());
        assertInstanceOf(TaskDeleted.class, effects.events().get(1));
        assertEquals(List.of("n/1/0", "n/1/1", "n/3/0", "n/3/1", "n/upload-u1/0", "n/upload-u2/0"), effects.parts().stream().map(part -> part.key()).toList());
        assertTrue(effects.parts().stream().allMatch(part -> part.value().isEmpty()));
    }

    /** Whether it comes a second time or never could be carried out, what was put there for it is of no use. */
    @Test
    void anImportThatIsNotCarriedOutLeavesNothingBehind() {
        Command.Import given = new Command.Import("n", Optional.of("i"), "u1", 1, "", AdaptOptions.Activation.ALWAYS);
        TaskState accepted = state(handle(given, adapted()));
        Command.Import again = new Command.Import("n", Optional.of("i"), "u2", 1, "", AdaptOptions.Activation.ALWAYS);
        assertEquals(Effects.NONE, handle(again, accepted), "the first still needs its parts");
        Effects repeated = handle(again, accepted.with(List.of()));
        assertEquals(List.of("n/upload-u2/0"), keys(repeated));
        assertEquals(List.of(), repeated.events());

        for (String command : List.of("'upload':'u1','parts':0,'sha256':'x'", "'upload':'u1','commandId':1", "'upload':'u1'")) {
            byte[] value = ("{'type':'import','task':'n'," + command + "}").replace('\'', '"').getBytes(UTF_8);
            InvalidCommandException fault =
                    assertThrows(InvalidCommandException.class, () -> reader.read(Optional.of(value)));
            Effects rejected = handler.rejected(fault, Optional.of(value));
            assertEquals(List.of("n/upload-u1/0"), keys(rejected));
            assertFalse(rejection(rejected).isEmpty());
        }
        byte[] other = "{\"type\":\"fly\",\"task\":\"n\",\"upload\":\"u1\"}".getBytes(UTF_8);
        InvalidCommandException fault = assertThrows(InvalidCommandException.class, () -> reader.read(Optional.of(other)));
        assertEquals(List.of(), keys(handler.rejected(fault, Optional.of(other))));
    }

    private static List<String> keys(Effects effects) {
        assertTrue(effects.parts().stream().allMatch(part -> part.value().isEmpty()));
        return effects.parts().stream().map(part -> part.key()).toList();
    }
}
