package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.control.AdaptOptions.Activation;
import io.metaie.control.Command.Activate;
import io.metaie.control.Command.Adapt;
import io.metaie.control.Command.DefineTask;
import io.metaie.control.Command.DeleteTask;
import io.metaie.control.Command.Evaluate;
import io.metaie.control.Command.Learn;
import io.metaie.label.Label;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandReaderTest {

    private static final CommandReader READER = new CommandReader(10_000);

    private static Command read(String json) throws InvalidCommandException {
        return READER.read(Optional.of(json.replace('\'', '"').getBytes(UTF_8)));
    }

    private static String reason(String json) {
        return assertThrows(InvalidCommandException.class, () -> read(json)).getMessage();
    }

    @Test
    void everyTypeIsRead() throws Exception {
        DefineTask define = assertInstanceOf(DefineTask.class, read("\uFEFF{'type':'define-task','task':'n','commandId':'c',"
                + "'labels':[' Person ',{'name':'works for','of':'Person'}],'threshold':0.5,'exclusive':true,'x':1}"));
        assertEquals("n", define.task());
        assertEquals(Optional.of("c"), define.commandId());
        assertEquals(java.util.List.of(Label.named("Person"), Label.of("works for", "Person")), define.labels().labels());
        assertEquals(0.5, define.threshold());
        assertTrue(define.exclusive());
        assertEquals(new DeleteTask("ü🚀", Optional.empty()), read("{'type':'delete-task','task':'ü🚀','commandId':null}"));
        assertEquals(new Activate("a/b", Optional.empty(), 0), read("{'type':'activate','task':'a/b','version':0}"));
        Evaluate evaluate = assertInstanceOf(Evaluate.class,
                read("{'type':'evaluate','task':'n','version':3,'examples':[{'text':'a'}]}"));
        assertEquals(OptionalInt.of(3), evaluate.version());
        assertEquals(1, evaluate.examples().size());
        assertEquals(OptionalInt.empty(), assertInstanceOf(Evaluate.class,
                read("{'type':'evaluate','task':'n','examples':[1]}")).version());
        Adapt adapt = assertInstanceOf(Adapt.class, read("{'type':'adapt','task':'n','examples':[{}],'options':{'epochs':3,"
                + "'learningRate':0.1,'rank':4,'seed':1,'holdout':0,'activate':'never','skipInvalid':true}}"));
        assertEquals(new AdaptOptions(OptionalInt.of(3), OptionalDouble.of(0.1), OptionalInt.of(4), OptionalLong.of(1),
                OptionalDouble.of(0), Activation.NEVER, true), adapt.options());
        Adapt distilled = assertInstanceOf(Adapt.class, read("{'type':'adapt','task':'n','from':'distilled',"
                + "'labels':{'human':'Person'},'limit':5,'since':'2026-01-31T12:00:00Z'}"));
        assertEquals(new Learn.Distilled(Map.of("human", "Person"), OptionalInt.of(5),
                Optional.of(Instant.parse("2026-01-31T12:00:00Z"))), distilled.from());
        assertEquals(Activation.IF_BETTER, distilled.options().activate());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'type':'define-task'|is not JSON",
        "[]|not a JSON object",
        "{}|\"type\" is missing",
        "{'type':1,'task':'n'}|\"type\" is missing or no string",
        "{'type':'fly','task':'n'}|unknown type \"fly\"",
        "{'type':'delete-task'}|\"task\" is missing",
        "{'type':'delete-task','task':7}|\"task\" is no string",
        "{'type':'delete-task','task':''}|1 to 128 characters",
        "{'type':'delete-task','task':'a\\u0000b'}|control character",
        "{'type':'delete-task','task':'\\ud83d'}|lone surrogate",
        "{'type':'delete-task','task':'..'}|cannot be . or ..",
        "{'type':'delete-task','task':'n','task':'m'}|Duplicate field",
        "{'type':'delete-task','task':'n'} {}|is not JSON",
        "{'type':'delete-task','task':'n','commandId':5}|\"commandId\" is no string",
        "{'type':'define-task','task':'n'}|\"labels\" is missing or empty",
        "{'type':'define-task','task':'n','labels':[]}|\"labels\" is missing or empty",
        "{'type':'define-task','task':'n','labels':'A'}|\"labels\" is no array",
        "{'type':'define-task','task':'n','labels':['']}|label without a name",
        "{'type':'define-task','task':'n','labels':[{'name':'x','of':'y'}]}|not among the labels",
        "{'type':'define-task','task':'n','labels':['A'],'threshold':2}|from 0 to 1, not 2",
        "{'type':'define-task','task':'n','labels':['A'],'threshold':'1'}|from 0 to 1",
        "{'type':'define-task','task':'n','labels':['A'],'exclusive':'yes'}|true or false",
        "{'type':'activate','task':'n'}|\"version\" is missing",
        "{'type':'activate','task':'n','version':-1}|whole number from 0, not -1",
        "{'type':'activate','task':'n','version':'1'}|whole number",
        "{'type':'activate','task':'n','version':1.5}|whole number from 0, not 1.5",
        "{'type':'activate','task':'n','version':1e99}|whole number",
        "{'type':'evaluate','task':'n'}|\"examples\" is missing",
        "{'type':'evaluate','task':'n','examples':{}}|no array",
        "{'type':'adapt','task':'n','examples':[]}|empty",
        "{'type':'adapt','task':'n','from':'books'}|can only be \"distilled\"",
        "{'type':'adapt','task':'n','from':'distilled','examples':[{}]}|not both",
        "{'type':'adapt','task':'n','from':'distilled','limit':0}|from 1",
        "{'type':'adapt','task':'n','from':'distilled','limit':10001}|from 1 to 10000, not 10001",
        "{'type':'adapt','task':'n','from':'distilled','since':'yesterday'}|must be a time",
    })
    void whatIsWrongIsSaid(String json, String why) {
        String reason = reason(json);
        assertTrue(reason.contains(why), reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'epochs':0", "'epochs':-1", "'epochs':1000000000", "'epochs':'3'", "'learningRate':'x'",
        "'learningRate':0", "'learningRate':-1", "'rank':0", "'rank':1000000", "'rang':8", "'holdout':1.5", "'holdout':1",
        "'holdout':-0.1", "'seed':0.5", "'activate':'maybe'", "'activate':true", "'skipInvalid':1"})
    void optionsThatMakeNoSenseAreRefusedByName(String option) {
        String name = option.substring(1, option.indexOf('\'', 1));
        String reason = reason("{'type':'adapt','task':'n','examples':[{}],'options':{" + option + "}}");
        assertTrue(reason.contains("\"" + name + "\""), reason);
    }

    @Test
    void namesAndIdsAreBounded() throws Exception {
        read("{'type':'delete-task','task':'" + "🚀".repeat(128) + "','commandId':'" + "🚀".repeat(256) + "'}");
        assertTrue(reason("{'type':'delete-task','task':'" + "🚀".repeat(129) + "'}").contains("not 129"));
        assertTrue(reason("{'type':'delete-task','task':'n','commandId':'" + "🚀".repeat(257) + "'}").contains("commandId"));
        assertTrue(reason("{'type':'delete-task','task':'n','x':'" + "a".repeat(10_000) + "'}").contains("at most 10000"));
    }

    @Test
    void emptyRecordsAndOtherEncodingsAreRefused() {
        for (Optional<byte[]> value : java.util.List.of(Optional.<byte[]>empty(), Optional.of(new byte[0]))) {
            assertEquals("the record has no value",
                    assertThrows(InvalidCommandException.class, () -> READER.read(value)).getMessage());
        }
        assertTrue(assertThrows(InvalidCommandException.class, () -> READER.read(Optional.of(new byte[] {(byte) 0xff})))
                .getMessage().contains("UTF-8"));
    }

    @Test
    void aRefusalKeepsWhatCanBeKnown() {
        About about = assertThrows(InvalidCommandException.class,
                () -> read("{'type':'fly','task':'n','commandId':'c'}")).about();
        assertEquals(new About(Optional.of("n"), Optional.of("c")), about);
        About other = assertThrows(InvalidCommandException.class,
                () -> read("{'type':'delete-task','task':'','commandId':7}")).about();
        assertEquals(new About(Optional.empty(), Optional.empty()), other);
    }
}
