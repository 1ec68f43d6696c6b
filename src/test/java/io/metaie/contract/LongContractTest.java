package io.metaie.contract;

import static io.metaie.contract.Case.document;
import static io.metaie.contract.Case.value;

import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;

/** Long words, sentences and documents: read whole, or refused, never cut without a word. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class LongContractTest extends ContractTest {

    private static final int MIB = 1 << 20;
    /** A word of more sub-tokens than are read of one. */
    private static final String CUT = "xqzj".repeat(25);

    @Override
    List<Case> cases() {
        List<Case> cases = new ArrayList<>(List.of(
                document("C16 a name behind 700 words", "apple, ".repeat(700) + "Ada Lovelace", "Person")
                        .onlyAt("Ada Lovelace", 4_900).onlyAt("Ada", 4_900).sentences(1).throughKafkaOnly(),
                document("names at both ends of a thousand words",
                        "Ada Lovelace, " + "an engineer, ".repeat(400) + " Alan Turing and Grace Hopper.", "Person")
                        .onlyAt("Ada Lovelace", 0).onlyAt("Ada", 0).sentences(1)
                        .finds("Person", "Alan Turing", 5_215).finds("Person", "Grace Hopper", 5_231).throughKafkaOnly(),
                document("words that are cut", (CUT + " ").repeat(3) + "Ada Lovelace lives in Paris.", "Person")
                        .truncated().warns("word at 0 ").warns("word at 101 ").warns("word at 202 ").onlyAt("Ada Lovelace", 303),
                document("a hundred words that are cut: not as many warnings",
                        "Ada Lovelace lives in Paris. " + (CUT + ". ").repeat(100), "Person")
                        .truncated().warns("word at 29 ").warns("and 80 more").finds("Person", "Ada Lovelace", 0).throughKafkaOnly(),
                ofBytes("a document of 1 MiB", MIB).finds("Person", "Ada Lovelace", 0).throughKafkaOnly(),
                value("a key of a megabyte", "{\"text\":\"Ada Lovelace lives in Paris.\",\"labels\":[\"Person\",\"City\"]}")
                        .key("🚀".repeat(250_000)).documentId("🚀".repeat(250_000)).like(PROBE).throughKafkaOnly(),
                ofBytes("a document of 1 MiB and a byte", MIB + 1).rejected("too-large"),
                document("1 MiB of white space", "Ada Lovelace lives in Paris." + "\n".repeat(MIB / 2 - 500) + "Alan Turing slept.", "Person")
                        .finds("Person", "Ada Lovelace", 0).finds("Person", "Alan Turing", MIB / 2 - 472).sentences(2),
                document("more queries than are allowed", "Ada slept.\n".repeat(101), labels(1_000)).rejected("too-large"),
                document("more windows than are allowed", "and so on ".repeat(100_000), labels(1_000)).rejected("too-large")));
        cases.addAll(endlessWords(100_000, 20));
        return cases;
    }

    /** Words without an end; only the first is cheap enough to have its full length in every run. */
    static List<Case> endlessWords(int letters, int divisor) {
        byte[] random = new byte[75_000 / divisor];
        new Random(19).nextBytes(random);
        return List.of(
                endless("C19 an endless word", "a".repeat(letters)),
                endless("C19 an endless row of dashes", "-".repeat(100_000 / divisor)),
                endless("C19 base 64 without a break", Base64.getEncoder().encodeToString(random)),
                endless("C19 an endless address", "http://x.y/" + "%F0%9F%9A%80".repeat(8_000 / divisor)),
                endless("C30 an endless row of rockets", "🚀".repeat(5_000 / divisor)));
    }

    private static Case endless(String title, String word) {
        return document(title, word + " Ada Lovelace lives in Paris.", "Person").throughKafkaOnly()
                .onlyAt("Ada Lovelace", word.codePointCount(0, word.length()) + 1);
    }

    /** A document of so many bytes, most of them in a few words. */
    private static Case ofBytes(String title, int bytes) {
        String head = "{\"labels\":[\"Person\"],\"text\":\"Ada Lovelace lives in Paris.";
        String word = " " + "x".repeat(9_998) + ".";
        int words = (bytes - head.length() - 2) / word.length();
        String json = head + word.repeat(words);
        return value(title, json + "x".repeat(bytes - json.length() - 2) + "\"}");
    }

    private static String[] labels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "L" + i).toArray(String[]::new);
    }
}
