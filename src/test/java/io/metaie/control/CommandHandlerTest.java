package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.metaie.task.DeletedTask;
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

    private final CommandReader reader = new CommandReader(1 << 20);
    private final CommandHandler handler = new CommandHandler(new CommandHandler.Weights() {
        @Override
        public Optional<String> fault(String task, TaskVersion version) {
            return version.sha256().equals("damaged") ? Optional.of("a part of it is missing") : Optional.empty();
        }

        @Override
        public List<String> uploads(String task) {
            return List.of(task + "/upload-u1/0", task + "/upload-u2/0");
        }
    });

    /** A task with versions 1 and 3, the latter active. */
    private static TaskState adapted() {
        return new TaskState("n", LABELS, 0, false, new Versions(List.of(version(1), version(3)), 3, 3), List.of(), List.of());
    }

    private static TaskVersion version(int number) {
        return new TaskVersion(number, "m@0", Optional.of(0.5), Instant.EPOCH, 2, "");
    }

    private Effects handle(Command command, TaskState task) {
        return handler.handle(new Received(command, new byte[0], PLACE), Optional.ofNullable(task), DeletedTask.NONE);
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
    void anImportIsAJobWithAVersionOfItsOwn() {
        Command.Import given = new Command.Import("n", Optional.of("i"), "u1", 1, "", AdaptOptions.Activation.ALWAYS);
        Effects effects = handle(given, adapted());
        assertEquals(List.of(new Job(Job.Kind.IMPORT, Optional.of("i"), PLACE, 4)), state(effects).jobs());
        Effects rejected = handle(given, null);
        assertTrue(rejection(rejected).contains("no task"));
        assertEquals(List.of("n/upload-u1/0"), rejected.parts().stream().map(part -> part.key()).toList());
    }

    private static JobEnd.Made made(int version, boolean activate) {
        return new JobEnd.Made(version(version), List.of(), Optional.empty(), 1, activate, "why");
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
}
