package io.metaie.contract;

import static io.metaie.contract.Case.bytes;
import static io.metaie.contract.Case.document;
import static io.metaie.contract.Case.value;
import static io.metaie.contract.Case.withoutValue;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Records of every form: what is read as JSON, as text, or not at all; ids, metadata, thresholds. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class RecordContractTest extends ContractTest {

    private static final String V = "{\"text\":\"Ada Lovelace\",\"labels\":[\"Person\"]}";
    private static final String JSON = "application/json";

    @Override
    List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(contentTypes());
        cases.addAll(encodings());
        cases.addAll(notADocument());
        cases.addAll(hostile());
        cases.addAll(fields());
        cases.addAll(ids());
        cases.addAll(metadata());
        cases.addAll(thresholds());
        return cases;
    }

    private static List<Case> contentTypes() {
        List<Case> cases = new ArrayList<>();
        for (String type : new String[] {null, JSON, "application/json; charset=utf-8", "Application/JSON",
            "application/cloudevents+json", "application/json;charset=\"UTF-8\";v=1", " application/json ", "application/octet-stream"}) {
            cases.add(value("C32 a document as " + type, V).contentType(type).finds("Person", "Ada Lovelace", 0)
                    .check(found -> assertFalse(found.json().has("task"))));
        }
        for (String type : List.of("", ";", "; ;=", "json", "\u0000", "/")) {
            cases.add(value("no media type at all: '" + type + "'", V).contentType(type).finds("Person", "Ada Lovelace", 0)
                    .throughKafkaOnly());
        }
        for (String type : List.of("text/plain", "text/plain;charset=UTF-8", "TEXT/Plain ; format=flowed")) {
            cases.add(value("C32 the same as " + type, V).contentType(type).onlyAt("Ada Lovelace", 9)
                    .check(found -> assertEquals("default", found.json().path("task").asText())));
        }
        cases.add(value("C32 the header twice: the last", V).contentType(JSON).contentType("text/plain")
                .onlyAt("Ada Lovelace", 9).throughKafkaOnly());
        cases.add(value("C32 a text as JSON", "Ada Lovelace").contentType(JSON).rejected("invalid-json"));
        cases.add(value("another charset", V).contentType("text/plain; charset=ISO-8859-1").rejected("invalid-utf8"));
        cases.add(value("another charset of JSON", V).contentType("application/json;charset=utf-16").rejected("invalid-utf8"));
        return cases;
    }

    private static List<Case> encodings() {
        String bom = "\ufeff{\"id\":\"bom\",\"text\":\"Ada Lovelace lives in Paris.\",\"labels\":[\"Person\"]}";
        return List.of(
                value("C28 a byte order mark before JSON", bom).documentId("bom").finds("Person", "Ada Lovelace", 0),
                value("C28 the same as JSON", bom).contentType(JSON).documentId("bom").finds("Person", "Ada Lovelace", 0),
                value("C28 a byte order mark before text", "\ufeffAda Lovelace").contentType("text/plain").onlyAt("Ada Lovelace", 1),
                bytes("not UTF-8", "Zoë lives in Köln.".getBytes(ISO_8859_1)).rejected("invalid-utf8"),
                bytes("not UTF-8 in JSON", "{\"text\":\"Zoë\",\"labels\":[\"P\"]}".getBytes(ISO_8859_1)).contentType(JSON)
                        .rejected("invalid-utf8"),
                bytes("UTF-16", V.getBytes(UTF_16)).rejected("invalid-utf8"),
                bytes("an encoded surrogate", (byte) 0xed, (byte) 0xa0, (byte) 0x80).rejected("invalid-utf8"),
                bytes("an overlong slash", (byte) 0xc0, (byte) 0xaf).rejected("invalid-utf8"),
                bytes("a sequence cut short", (byte) 'A', (byte) 0xf0, (byte) 0x9f, (byte) 0x9a).rejected("invalid-utf8"),
                bytes("a gzip's beginning", (byte) 0x1f, (byte) 0x8b, (byte) 8, (byte) 0).rejected("invalid-utf8"));
    }

    private static List<Case> notADocument() {
        List<Case> cases = new ArrayList<>(List.of(
                withoutValue("C25 no value").key("t1").rejected("empty-record"),
                withoutValue("C25 neither key nor value").rejected("empty-record"),
                bytes("C25 zero bytes").key("t2").rejected("empty-record"),
                bytes("zero bytes as JSON").contentType(JSON).rejected("empty-record"),
                value("C25 null for the text", "{\"text\":null}").key("t3").rejected("missing-text"),
                value("no text", "{\"labels\":[\"Person\"]}").rejected("missing-text"),
                value("an empty object", "{}").contentType(JSON).rejected("missing-text"),
                value("a number for the text", "{\"text\":1}").rejected("missing-text"),
                value("an object for the text", "{\"text\":{\"text\":\"Ada\"}}").rejected("missing-text"),
                value("a task nobody defined", "{\"text\":\"Ada\",\"task\":\"nobody's\"}").rejected("unknown-task"),
                value("a task nobody defined, with labels", "{\"text\":\"Ada\",\"task\":\"\",\"labels\":[\"P\"]}").rejected("unknown-task"),
                value("a text and a number", "{\"text\":\"Ada\",\"task\":1}").rejected("invalid-json"),
                value("a threshold that is a string", "{\"text\":\"Ada\",\"threshold\":\"0.5\"}").rejected("invalid-json"),
                value("exclusive as a number", "{\"text\":\"Ada\",\"exclusive\":1}").rejected("invalid-json"),
                value("an object for the id", "{\"id\":{},\"text\":\"Ada\"}").rejected("invalid-json"),
                value("a list for the id", "{\"id\":[1],\"text\":\"Ada\"}").rejected("invalid-json")));
        for (String json : List.of("[]", "\"text\"", "12", "null", "true", "{", "{}{}", "{\"text\":\"Ada\"},", "{\"text\":\"Ada\"",
                "{'text':'Ada'}", "{\"text\":\"a\nb\"}", "{\"text\":NaN}", "{\"text\":\"\\x\"}", "// {}", " ", "{\"a\":01,\"text\":\"A\"}")) {
            cases.add(value("not a JSON object: " + json, json).contentType(JSON).rejected("invalid-json"));
            cases.add(value("the same is a text: " + json, json));
        }
        for (String lone : List.of("\\ud83d Ada Lovelace", "\\udc00", "\\udc00\\ud83d")) {
            cases.add(value("C29 half a pair in the text: " + lone, "{\"text\":\"" + lone + "\"}").rejected("invalid-json"));
            cases.add(value("C29 half a pair in the metadata: " + lone,
                    "{\"text\":\"Ada\",\"metadata\":{\"k\":[\"" + lone + "\"]}}").rejected("invalid-json"));
            cases.add(value("C29 half a pair in a label: " + lone,
                    "{\"text\":\"Ada\",\"labels\":[\"" + lone + "\"]}").rejected("invalid-json"));
            cases.add(value("C29 half a pair in the id: " + lone,
                    "{\"text\":\"Ada\",\"id\":\"" + lone + "\"}").rejected("invalid-json"));
        }
        return cases;
    }

    private static List<Case> hostile() {
        return List.of(
                value("C31 nested metadata", "{\"text\":\"x\",\"labels\":[\"Person\"],\"metadata\":"
                        + "[".repeat(5_000) + "]".repeat(5_000) + "}").rejected("invalid-json"),
                value("C31 nested in a field nobody reads", "{\"text\":\"x\",\"y\":" + "{\"y\":".repeat(5_000) + "1"
                        + "}".repeat(5_000) + "}").rejected("invalid-json"),
                value("nested as deep as readers can", "{\"text\":\"x\",\"metadata\":" + "[".repeat(500) + "]".repeat(500) + "}")
                        .metadata("[".repeat(500) + "]".repeat(500)),
                value("C31 braces", "{".repeat(2_000)),
                value("C31 a text that never begins", "{\"text\":" + "[".repeat(2_000)),
                value("C31 the same as JSON", "{\"text\":" + "[".repeat(5_000)).contentType(JSON).rejected("invalid-json"),
                value("a number of 100,000 digits", "{\"text\":\"x\",\"metadata\":1" + "0".repeat(100_000) + "}")
                        .metadata("1" + "0".repeat(100_000)),
                value("a threshold of 100,000 digits", "{\"text\":\"Ada Lovelace\",\"threshold\":1" + "0".repeat(100_000) + "}").findsNothing(),
                value("numbers that are no doubles", "{\"text\":\"Ada Lovelace\",\"threshold\":1e999999999,\"id\":1e-999999999}")
                        .documentId("1e-999999999").findsNothing());
    }

    private static List<Case> fields() {
        return List.of(
                value("unknown fields", "{\"x\":{\"text\":\"no\",\"labels\":7},\"text\":\"Ada Lovelace lives in Paris.\",\"Text\":1,"
                        + "\"labels\":[\"Person\",\"City\"],\"y\":[{},null,1e400,\"\\u0000\"]}").like(PROBE),
                value("fields that are null", "{\"id\":null,\"text\":\"Ada Lovelace lives in Paris.\",\"task\":null,"
                        + "\"labels\":[\"Person\",\"City\"],\"threshold\":null,\"exclusive\":null,\"metadata\":null}").like(PROBE)
                        .check(found -> assertFalse(found.json().has("metadata") || found.json().has("task"))),
                value("the default task by its name", "{\"task\":\"default\",\"text\":\"Ada Lovelace lives in Paris.\"}").like(PROBE)
                        .check(found -> assertEquals("default", found.json().path("task").asText())),
                value("a task and labels of its own", "{\"task\":\"default\",\"labels\":[\"City\"],\"text\":\"Ada Lovelace lives in Paris.\"}")
                        .finds("City", "Paris", 22).check(found -> assertEquals(List.of(), found.spans("Person"))),
                value("white space around the document", " \r\n\t" + V + "\n\n").finds("Person", "Ada Lovelace", 0),
                value("escapes in the text", "{\"text\":\"\\ud83d\\ude80 \\u0041da\\u0020Lovelace\\n\\/\",\"labels\":[\"Person\"]}")
                        .finds("Person", "Ada Lovelace", 2));
    }

    private static List<Case> ids() {
        return List.of(
                value("the document's id", "{\"id\":\"d 🚀\",\"text\":\"x\"}").key("k").documentId("d 🚀"),
                value("a number for the id", "{\"id\":1.50,\"text\":\"x\"}").documentId("1.50"),
                value("a long number for the id", "{\"id\":123456789012345678901234567890,\"text\":\"x\"}")
                        .documentId("123456789012345678901234567890"),
                value("the key for an id", "{\"text\":\"x\"}").key("k\u0000🚀").documentId("k\u0000🚀").throughKafkaOnly(),
                value("the key of a text", "x").key("k").documentId("k").throughKafkaOnly(),
                value("the place for an id", "{\"text\":\"x\"}"),
                value("the place when the key is empty", "x").key(""),
                value("the place when the key is not UTF-8", "x").key((byte) 0xff),
                value("an id with all a JSON string can hold", "{\"id\":\"\\\"\\\\\\u0000\\u001b</script>\",\"text\":\"x\"}")
                        .documentId("\"\\\u0000\u001b</script>"));
    }

    private static List<Case> metadata() {
        List<Case> cases = new ArrayList<>();
        for (String slice : List.of("{ \"b\" : 1.00, \"a\" : 1e5 , \"B\":-0.0}", "[1, 2.50 ,\"x\"]", "12345678901234567890.10",
                "true", "\"a\\u00e9🚀\\/\"", "{}", "[]", "\"\"", "{\"\":{\"\":[]}}")) {
            cases.add(value("metadata " + slice, "{\"metadata\": " + slice + " ,\"text\":\"x\"}").metadata(slice));
        }
        for (int n = 0; n < 2; n++) {
            String rockets = "{\"s\":\"" + "x".repeat(n) + "🚀".repeat(20_000) + "\"}";
            cases.add(value("C30 pairs on the border of a buffer, " + n, "{\"text\":\"x\",\"metadata\":" + rockets + "}").metadata(rockets));
        }
        return cases;
    }

    private static List<Case> thresholds() {
        String text = "{\"text\":\"Ada Lovelace lives in Paris.\",\"labels\":[\"Person\",\"City\"]";
        String nested = "{\"text\":\"The University of Paris and the Bank of New York signed.\","
                + "\"labels\":[\"Organisation\",\"City\"],\"exclusive\":";
        return List.of(
                value("a threshold of 0", text + ",\"threshold\":0}").like(PROBE),
                value("a threshold below 0", text + ",\"threshold\":-5e0}").like(PROBE),
                value("a threshold nothing reaches", text + ",\"threshold\":1.0000001}").findsNothing(),
                value("not exclusive", nested + "false}").finds("Organisation", "University of Paris", 4),
                value("exclusive", nested + "true}").check(found -> {
                    int end = 0;
                    for (var span : found.json().path("spans")) {
                        assertTrue(span.path("start").asInt() >= end, found.raw());
                        end = span.path("end").asInt();
                    }
                }));
    }
}
