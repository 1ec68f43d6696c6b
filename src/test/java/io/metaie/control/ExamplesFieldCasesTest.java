package io.metaie.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.control.Event.AdaptationStarted;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.task.DeletedTask;
import io.metaie.task.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples as others got them wrong, and were not told: each is learned from as meant, warned of, or refused by its index. */
class ExamplesFieldCasesTest extends HandledCommands {

    private static final TaskState ROCKETS = TaskState.defined("n",
            LabelSet.of(List.of(Label.named("Rocket"), Label.named("Person"))), 0, false, DeletedTask.NONE);
    private static final String TEXT = "'text':'🚀 Ariane flew from Kourou.'";

    private AdaptationStarted started(String... examples) throws Exception {
        return assertInstanceOf(AdaptationStarted.class, handle(adapt("a", examples), ROCKETS).events().get(0));
    }

    private static String example(String span) {
        return "{" + TEXT + ",'spans':[" + span + "]}";
    }

    @Test
    void offsetsInCodePointsAreTakenAsTheyAre() throws Exception {
        AdaptationStarted started = started(example("{'label':'Rocket','start':2,'end':8}"));
        assertEquals(1, started.spans());
        assertEquals(List.of(), started.warnings());
    }

    @ParameterizedTest
    @CsvSource({"3, 9", "2, 5"})
    void offsetsThatCutAWordAreWidenedAndWarnedOf(int start, int end) throws Exception {
        AdaptationStarted started = started(example("{'label':'Rocket','start':" + start + ",'end':" + end + "}"));
        assertEquals(1, started.spans());
        assertEquals(List.of("examples[0]: the span at [" + start + "," + end + "] begins or ends inside a word and is widened to [2,8]"),
                started.warnings());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'start':2,'end':2", "'start':-1,'end':4", "'start':8,'end':2", "'start':2,'end':999",
        "'text':'Vega'", "'start':'2','end':'8'", ""})
    void spansThatAreNowhereAreRefusedByTheirIndex(String place) throws Exception {
        String span = "{'label':'Rocket'" + (place.isEmpty() ? "" : "," + place) + "}";
        String right = example("{'label':'Rocket','text':'Ariane'}");
        String reason = rejection(handle(adapt("a", right, example(span)), ROCKETS));
        assertTrue(reason.startsWith("examples[1]: "), reason);
    }

    @Test
    void aSpanByItsTextIsEveryOccurrence() throws Exception {
        assertEquals(2, started("{'text':'Ariane met Ariane.','spans':[{'label':'Rocket','text':'Ariane'}]}").spans());
    }

    @Test
    void contradictionsAreWarnedOf() throws Exception {
        String same = "'text':'Ariane flew.','spans':[";
        AdaptationStarted started = started("{" + same + "{'label':'Rocket','text':'Ariane'}]}",
                "{" + same + "{'label':'Rocket','text':'Ariane'}]}", "{" + same + "{'label':'Person','text':'Ariane'}]}",
                "{" + same + "]}");
        for (int example : new int[] {2, 3}) {
            assertTrue(started.warnings().contains("examples[" + example
                    + "]: label \"Rocket\" has other spans in the same sentence than in examples[0]"), started.warnings().toString());
        }
    }
}
