package io.metaie.contract;

import static io.metaie.contract.Case.document;
import static io.metaie.contract.Case.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** What can be asked, what cannot, and how chains of labels are answered. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class LabelContractTest extends ContractTest {

    private static final String TEXT = "Ada Lovelace lives in Paris.";
    private static final String CHAIN = "Ada met Bob. Ada works for Babbage, Bob works for Herschel.";

    @Override
    List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(names());
        cases.addAll(many());
        cases.addAll(refused());
        cases.addAll(chains());
        cases.addAll(refusedChains());
        return cases;
    }

    private static Case labels(String title, String labels) {
        return labels(title, TEXT, labels);
    }

    private static Case labels(String title, String text, String labels) {
        return value(title, "{\"labels\":" + labels + ",\"text\":\"" + text.replace("\\", "\\\\") + "\"}");
    }

    private static List<Case> names() {
        return List.of(
                labels("C37 a label twice", "[\"Person\",\"City\",\"Person\"]").warns("\"Person\" was given more than once").like(PROBE),
                labels("C37 labels that differ in case", "[\"Person\",\"person\",\"PERSON\"]").finds("Person", "Ada Lovelace", 0),
                labels("C37 labels that differ in white space", "[\"Person\",\" Person \",\"City\"]").warns("more than once").like(PROBE),
                labels("white space around and inside a name", "[\"\\tCity \\n of\\u00a0birth \"]")
                        .check(found -> found.json().path("spans").forEach(span ->
                                assertEquals("City of birth", span.path("label").asText()))),
                labels("C39 a colon in a name", "[\"ISO 3166: country\",\"Person\"]").like(PROBE, "Person").throughKafkaOnly(),
                labels("C14 a special token in a name", "[\"</s> Person\",\"[SEP]\",\"Person\",\"City\"]").like(PROBE, "Person", "City"),
                labels("names of other scripts, emoji, control characters",
                        "[\"人物\",\"🚀\",\"e\\u0301\",\"\\u0000x\\u001b\",\"Person\",\"City\"]").like(PROBE, "Person", "City"),
                labels("the longest name", "[\"" + "🚀".repeat(256) + "\",\"Person\",\"City\"]").like(PROBE, "Person", "City"),
                labels("a name that is cut", "[\"Person\",\"City\",\"" + "xqzj".repeat(25) + "\"]").like(PROBE, "Person", "City")
                        .warns("sub-tokens of a word of label \"xqzj"),
                labels("a label as an object", "[{\"name\":\"Person\"},{\"name\":\"City\",\"of\":null,\"prompt\":null,\"x\":[1]}]").like(PROBE),
                labels("no labels: the default task's", "[]").like(PROBE),
                labels("labels that are null: the default task's", "null").like(PROBE));
    }

    private static List<Case> many() {
        String[] five = Stream.concat(IntStream.range(0, 498).mapToObj(i -> "L" + i), Stream.of("Person", "City"))
                .toArray(String[]::new);
        return List.of(
                document("C39 five hundred labels", TEXT, five).like(PROBE, "Person", "City").throughKafkaOnly(),
                labels("a thousand labels of a blank text", " ", numbered(1_000)).findsNothing(),
                labels("a thousand labels and one", " ", numbered(1_001)).rejected("invalid-labels"));
    }

    private static String numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"L" + i + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private static List<Case> refused() {
        return List.of(
                labels("C39 a name of 5,000 characters", "[\"" + "x".repeat(5_000) + "\",\"Person\"]").rejected("invalid-labels"),
                labels("C39 a name of 600 words", "[\"Person\",\"" + "word ".repeat(600) + "\"]").rejected("invalid-labels"),
                labels("a name of 257 code points", "[\"" + "🚀".repeat(257) + "\"]").rejected("invalid-labels"),
                labels("C39 an empty name", "[\"\"]").rejected("invalid-labels"),
                labels("a blank name", "[\"Person\",\" \\n\\u00a0\"]").rejected("invalid-labels"),
                labels("an invisible name", "[\"\\u200b\\u0000\"]").rejected("invalid-labels"),
                labels("C39 null for a label", "[null]").rejected("invalid-labels"),
                labels("C39 a string for labels", "\"Person\"").rejected("invalid-labels"),
                labels("C39 an object without a name", "[{\"of\":\"Person\"}]").rejected("invalid-labels"),
                labels("numbers for labels", "[1,2]").rejected("invalid-labels"),
                labels("an object for labels", "{\"Person\":true}").rejected("invalid-labels"),
                labels("a list in the list", "[[\"Person\"]]").rejected("invalid-labels"),
                labels("a number for a name", "[{\"name\":1}]").rejected("invalid-labels"),
                labels("a list for a head", "[\"Person\",{\"name\":\"x\",\"of\":[\"Person\"]}]").rejected("invalid-labels"));
    }

    private static List<Case> chains() {
        return List.of(
                labels("C41 a relation", CHAIN, "[\"Person\",{\"name\":\"works for\",\"of\":\"Person\",\"prompt\":\"{span} works for\"}]")
                        .finds("Person", "Ada", 0).finds("Person", "Bob", 8)
                        .check(found -> headed(found, "works for", "Person")),
                labels("the prompt by default is the same", CHAIN, "[\"Person\",{\"name\":\"works for\",\"of\":\"Person\"}]")
                        .like("C41 a relation"),
                labels("names of heads are trimmed too", CHAIN, "[\"Person\",{\"name\":\" works  for \",\"of\":\" Person \"}]")
                        .like("C41 a relation"),
                labels("the head behind what hangs on it", CHAIN, "[{\"name\":\"works for\",\"of\":\"Person\"},\"Person\"]")
                        .check(found -> headed(found, "works for", "Person")),
                labels("one name with and without a head", CHAIN, "[\"Person\",\"works for\",{\"name\":\"works for\",\"of\":\"Person\"}]")
                        .check(found -> found.spans("Person").forEach(span -> assertTrue(!span.has("of")))),
                labels("two labels of one head, and one of another", CHAIN, "[\"Person\",\"Organisation\","
                        + "{\"name\":\"met\",\"of\":\"Person\"},{\"name\":\"works for\",\"of\":\"Person\"},{\"name\":\"met\",\"of\":\"Organisation\"}]")
                        .finds("Person", "Ada", 0),
                labels("C41 a chain of four", CHAIN, "[\"A\",{\"name\":\"B\",\"of\":\"A\"},{\"name\":\"C\",\"of\":\"B\"},{\"name\":\"D\",\"of\":\"C\"}]"),
                labels("C41 braces and dollars in a head are literal", "{span} $1 \\\\ Ada works for Babbage.",
                        "[\"Person\",\"City\",{\"name\":\"works for\",\"of\":\"Person\",\"prompt\":\"{span} {span} $0 \\\\1 works for\"}]"),
                labels("only what is kept is asked about", CHAIN + "\",\"threshold\":1.1,\"x\":\"",
                        "[\"Person\",{\"name\":\"works for\",\"of\":\"Person\"}]").findsNothing(),
                labels("a text without spans of the head", "12 + 30 = 42", "[\"Person\",{\"name\":\"x\",\"of\":\"Person\"}]"));
    }

    private static void headed(Case.Found found, String label, String head) {
        Set<String> heads = found.spans(head).stream().map(span -> span.path("id").asText()).collect(Collectors.toSet());
        List<JsonNode> relations = found.spans(label);
        assertTrue(!relations.isEmpty(), found.raw());
        relations.forEach(span -> assertTrue(heads.contains(span.path("of").asText()), span::toString));
    }

    private static List<Case> refusedChains() {
        return List.of(
                labels("C41 an absent head", "[\"Person\",{\"name\":\"x\",\"of\":\"City\"}]").rejected("invalid-labels"),
                labels("a head of another case", "[\"Person\",{\"name\":\"x\",\"of\":\"person\"}]").rejected("invalid-labels"),
                labels("an empty head", "[\"Person\",{\"name\":\"x\",\"of\":\"\"}]").rejected("invalid-labels"),
                labels("C41 its own head", "[{\"name\":\"x\",\"of\":\"x\"}]").rejected("invalid-labels"),
                labels("its own head, beside a real one", "[\"x\",{\"name\":\"x\",\"of\":\"x\"}]").rejected("invalid-labels"),
                labels("C41 a cycle", "[\"P\",{\"name\":\"A\",\"of\":\"B\"},{\"name\":\"B\",\"of\":\"A\"}]").rejected("invalid-labels"),
                labels("C41 a chain of five", "[\"A\",{\"name\":\"B\",\"of\":\"A\"},{\"name\":\"C\",\"of\":\"B\"},"
                        + "{\"name\":\"D\",\"of\":\"C\"},{\"name\":\"E\",\"of\":\"D\"}]").rejected("invalid-labels"),
                labels("C41 a prompt without its place", "[\"Person\",{\"name\":\"x\",\"of\":\"Person\",\"prompt\":\"works for\"}]")
                        .rejected("invalid-labels"),
                labels("an empty prompt", "[\"Person\",{\"name\":\"x\",\"of\":\"Person\",\"prompt\":\"\"}]").rejected("invalid-labels"),
                labels("a prompt that leaves the text no room", "[\"Person\",{\"name\":\"x\",\"of\":\"Person\",\"prompt\":\"{span} "
                        + "many words ".repeat(400) + "\"}]").rejected("invalid-labels"));
    }
}
