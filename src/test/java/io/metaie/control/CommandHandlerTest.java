package io.metaie.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.metaie.control.Command.Activate;
import io.metaie.control.Command.Adapt;
import io.metaie.control.Command.DefineTask;
import io.metaie.control.Command.DeleteTask;
import io.metaie.control.Command.Evaluate;
import io.metaie.control.Command.Learn;
import io.metaie.control.CommandHandler.Received;
import io.metaie.control.Event.AdaptationCompleted;
import io.metaie.control.Event.AdaptationStarted;
import io.metaie.control.Event.AdapterActivated;
import io.metaie.control.Event.CommandRejected;
import io.metaie.control.Event.TaskDefined;
import io.metaie.control.Event.TaskDeleted;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.task.ControlPlace;
import io.metaie.task.Job;
import io.metaie.task.TaskState;
import io.metaie.task.TaskState.Versions;
import io.metaie.task.TaskVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CommandHandlerTest {

    private static final LabelSet LABELS = LabelSet.of(List.of(Label.named("A")));
    private static final LabelSet OTHERS = LabelSet.of(List.of(Label.named("B")));
    private static final ControlPlace PLACE = new ControlPlace("id", 0, 17);

    private final CommandHandler handler = new CommandHandler((task, version) -> version.sha256().equals("damaged")
            ? Optional.of("a part of it is missing") : Optional.empty());

    /** A task with versions 1 and 3, the latter active. */
    private static TaskState adapted() {
        return new TaskState("n", LABELS, 0, false, new Versions(List.of(version(1), version(3)), 3, 3, -1), List.of(), List.of());
    }

    private static TaskVersion version(int number) {
        return new TaskVersion(number, "m@0", Optional.of(0.5), Instant.EPOCH, 2, "");
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
    void aVersionThatIsNotWholeIsNotActivated() {
        TaskVersion damaged = new TaskVersion(4, "m@0", Optional.empty(), Instant.EPOCH, 2, "damaged");
        TaskState task = adapted().with(new Versions(List.of(version(3), damaged), 4, 3, -1));
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
    void anEvaluationIsAJobUntilItEnds() {
        Evaluate evaluate = new Evaluate("n", Optional.of("e"), OptionalInt.empty(), List.of(NullNode.instance));
        TaskState task = state(handle(evaluate, adapted()));
        Job job = task.jobs().get(0);
        assertEquals(new Job(Job.Kind.EVALUATE, Optional.of("e"), PLACE, 3), job);
        Event end = new TaskDeleted(evaluate.about());
        Effects ended = CommandHandler.ended(job, new JobEnd.Told(end), Optional.of(task));
        assertEquals(List.of(), state(ended).jobs());
        assertEquals(List.of(end), ended.events());
        assertEquals(Effects.NONE, CommandHandler.ended(job, new JobEnd.Told(end), Optional.of(state(ended))), "a second end");
        assertEquals(Effects.NONE, CommandHandler.ended(job, new JobEnd.Told(end), Optional.empty()), "the task is gone");
    }

    private static Adapt adapt(String id, String... examples) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        for (String example : examples) {
            all.add(new JsonMapper().readTree(example.replace('\'', '"')));
        }
        return new Adapt("n", Optional.of(id), new Learn.Examples(all), new AdaptOptions(OptionalInt.empty(),
                OptionalDouble.empty(), OptionalInt.empty(), OptionalLong.empty(), OptionalDouble.empty(),
                AdaptOptions.Activation.IF_BETTER, false));
    }

    private static final String EXAMPLE = "{'text':'Ada wrote.','spans':[{'label':'A','text':'Ada'}]}";

    @Test
    void anAdaptationIsAJobWithAVersionOfItsOwn() throws Exception {
        TaskState first = state(handle(adapt("a", EXAMPLE), adapted()));
        Effects effects = handle(adapt("b", EXAMPLE), first);
        TaskState second = state(effects);
        assertEquals(List.of(4, 5), second.jobs().stream().map(Job::version).toList());
        AdaptationStarted started = assertInstanceOf(AdaptationStarted.class, effects.events().get(0));
        assertEquals(List.of(5, 1, 1), List.of(started.version(), started.sentences(), started.spans()));
        Effects made = CommandHandler.ended(second.jobs().get(0), made(4, true), Optional.of(second));
        assertEquals(4, state(made).active());
        assertEquals(List.of(1, 3, 4), state(made).versions().all().stream().map(TaskVersion::number).toList());
        assertTrue(assertInstanceOf(AdaptationCompleted.class, made.events().get(0)).activated());
        assertEquals(3, assertInstanceOf(AdapterActivated.class, made.events().get(1)).previous());
    }

    private static JobEnd.Made made(int version, boolean activate) {
        return new JobEnd.Made(version(version), List.of(), Optional.empty(), 1, activate, "why");
    }

    @Test
    void aLaterActivationOutlastsAnEarlierAdaptation() throws Exception {
        TaskState task = state(handle(adapt("a", EXAMPLE), adapted()));
        TaskState back = state(handler.handle(new Received(new Activate("n", Optional.empty(), 0), new byte[0],
                new ControlPlace("id", 0, 18)), Optional.of(task)));
        Effects made = CommandHandler.ended(task.jobs().get(0), made(4, true), Optional.of(back));
        assertEquals(0, state(made).active());
        assertFalse(assertInstanceOf(AdaptationCompleted.class, made.events().get(0)).activated());
        assertEquals(1, made.events().size());
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
    void tenVersionsAreKept() throws Exception {
        TaskState task = state(handle(new Activate("n", Optional.empty(), 1), adapted()));
        for (int version = 4; version <= 14; version++) {
            TaskState accepted = state(handle(adapt("a" + version, EXAMPLE), task));
            Effects made = CommandHandler.ended(accepted.jobs().get(0), made(version, false), Optional.of(accepted));
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

    @Test
    void deletingEndsWhatIsUnderWay() {
        TaskState task = adapted().with(new Job(Job.Kind.EVALUATE, Optional.of("e"), PLACE, 3));
        Effects effects = handle(new DeleteTask("n", Optional.of("d")), task);
        assertEquals(Optional.empty(), effects.change().orElseThrow().state());
        assertEquals(Optional.of("e"), assertInstanceOf(CommandRejected.class, effects.events().get(0)).about().commandId());
        assertInstanceOf(TaskDeleted.class, effects.events().get(1));
        assertEquals(List.of("n/1/0", "n/1/1", "n/3/0", "n/3/1"), effects.parts().stream().map(part -> part.key()).toList());
        assertTrue(effects.parts().stream().allMatch(part -> part.value().isEmpty()));
    }
}
