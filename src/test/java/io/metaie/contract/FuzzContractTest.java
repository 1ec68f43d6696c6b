package io.metaie.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.testing.BrokerResource;
import io.metaie.testing.ExactlyOnce;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Documents nobody would write: whatever they are, each gets one answer that keeps all promises, and none is an internal fault. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class FuzzContractTest {

    private static final int DOCUMENTS = 400;
    private static final JsonMapper JSON = new JsonMapper();
    private static final String[] PIECES = {
        "Ada Lovelace", "Paris", " ", " ", " ", "\n", "\r\n", "\t", "\u00a0", "\u200b", "\u2028", ". ", ", ", "? ", "...", "--",
        "U.S.", "Dr. ", "don't", "1,000.5", "20th", "AT&T", "</s>", "[SEP]", "<mask>", "{span}", "$1", "\\", "\"", "\u0000", "\u001b[0m",
        "e\u0301", "\u0301", "\u200d", "\ufe0f", "👩‍👩‍👧‍👦", "👍🏽", "🇫🇷", "🇫", "❤️", "東京", "。", "กรุงเทพ", "ပါရီ", "한국", "हिन्दी", "عربي", "\u202e",
        "\ufeff", "\ufffd", "\udbff\udfff", "ﬁ", "İ", "ß", "ǆ", "𝔸", "x".repeat(120), "xqzj".repeat(24), "'", "’s", "_", "http://x.y/?a=1&b"
    };

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    @TestFactory
    Stream<DynamicTest> whateverIsSent() throws Exception {
        Random random = new Random(2026);
        List<List<Case>> partitions = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < DOCUMENTS; i++) {
            partitions.get(i % 4).add(document(i, random));
        }
        return Answered.of(partitions, bootstrap, Duration.ofMinutes(3)).stream()
                .map(answer -> dynamicTest(answer.name(), () -> verify(answer)));
    }

    private static void verify(Answered answer) {
        if (answer.answer().topic().equals(ExactlyOnce.SPANS)) {
            Promises.extraction(answer.asked().text(), answer.answer().value());
        } else {
            Promises.deadLetter(answer.source(), answer.answer());
            assertNotEquals("failed", ExactlyOnce.header(answer.answer(), "metaie.reason").orElseThrow());
        }
    }

    private static Case document(int number, Random random) {
        String text = text(random, 40);
        if (random.nextInt(4) == 0) {
            return Case.value("text " + number, text).contentType("text/plain");
        }
        ObjectNode document = JSON.createObjectNode().put("text", text);
        ArrayNode labels = document.putArray("labels");
        labels.add("Person");
        for (int i = random.nextInt(3); i > 0; i--) {
            labels.add(random.nextBoolean() ? text(random, 4) : "City");
        }
        if (random.nextInt(3) == 0) {
            labels.addObject().put("name", text(random, 2)).put("of", "Person").put("prompt", text(random, 3) + "{span}");
        }
        if (random.nextInt(3) == 0) {
            document.put("id", text(random, 3)).put("exclusive", random.nextBoolean()).put("threshold", random.nextDouble());
        }
        byte[] value = document.toString().getBytes(UTF_8);
        return random.nextInt(3) == 0
                ? Case.bytes("broken document " + number, broken(value, random)).contentType("application/json")
                : Case.bytes("document " + number, value);
    }

    private static String text(Random random, int pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(pieces + 1); i > 0; i--) {
            if (random.nextInt(5) == 0) {
                int codePoint = random.nextInt(0x110000);
                text.appendCodePoint(codePoint >= 0xd800 && codePoint < 0xe000 ? '-' : codePoint);
            } else {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return text.toString();
    }

    /** Some bytes changed, lost or brought in. */
    private static byte[] broken(byte[] value, Random random) {
        ByteArrayOutputStream broken = new ByteArrayOutputStream();
        int at = random.nextInt(value.length);
        int how = random.nextInt(3);
        broken.write(value, 0, at);
        if (how < 2) {
            broken.write(how == 0 ? random.nextInt(256) : "{}[]\",:\\".charAt(random.nextInt(8)));
        }
        int rest = how == 2 ? at + 1 + random.nextInt(value.length - at) : how == 0 ? at + 1 : at;
        broken.write(value, rest, value.length - rest);
        return broken.toByteArray();
    }
}
