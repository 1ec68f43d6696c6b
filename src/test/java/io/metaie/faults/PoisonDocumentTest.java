package io.metaie.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.testing.BrokerResource;
import io.metaie.testing.ExactlyOnce;
import io.metaie.testing.Poison;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Documents nobody can read, among documents everybody can: each goes its way, and costs the others nothing. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class PoisonDocumentTest extends StreamTest {

    @Test
    void everyKindBetweenProbes() {
        List<Poison> kinds = Poison.kinds();
        Map<String, Poison> byKey = new HashMap<>();
        for (int i = 0; i < kinds.size(); i++) {
            byKey.put("poison-" + i, kinds.get(i));
            stream.send(kinds.get(i).record("poison-" + i));
            stream.send("probe-" + i, "Ada Lovelace lives in Paris.");
        }
        stream.verify(PATIENCE);
        assertEquals(kinds.size(), stream.extractions().size());
        assertEquals(kinds.size(), stream.deadLetters().size());
        stream.deadLetters().forEach((place, letter) -> {
            ConsumerRecord<byte[], byte[]> input = stream.inputs().get(place);
            Poison kind = byKey.get(new String(input.key(), UTF_8));
            assertEquals(kind.reason(), ExactlyOnce.header(letter, "metaie.reason").orElseThrow(),
                    () -> ExactlyOnce.header(letter, "metaie.cause").orElseThrow());
            assertArrayEquals(input.key(), letter.key());
            assertArrayEquals(input.value(), letter.value());
            assertTrue(ExactlyOnce.header(letter, "metaie.cause").orElseThrow().length() <= 1_000);
        });
    }

    @Test
    void blankDocumentsAreAnsweredWithoutSpans() {
        for (String text : new String[] {"", "   \\n\\t", ".", "\\u00a0"}) {
            stream.send("probe", "Ada Lovelace lives in Paris.");
            stream.send("blank", text);
        }
        stream.send("probe", "Ada Lovelace lives in Paris.");
        stream.verify(PATIENCE);
        assertEquals(9, stream.extractions().size());
        assertEquals(4, stream.extractions().values().stream()
                .filter(json -> json.contains("\"spans\":[]")).count(), stream.extractions()::toString);
    }

    @Test
    void tombstonesKeepKeyAndNothing() {
        stream.send(new ProducerRecord<>(ExactlyOnce.DOCUMENTS, "t1".getBytes(UTF_8), null));
        stream.send(new ProducerRecord<>(ExactlyOnce.DOCUMENTS, null, null));
        stream.send(new ProducerRecord<>(ExactlyOnce.DOCUMENTS, "t2".getBytes(UTF_8), new byte[0]));
        stream.send("probe", "Ada Lovelace lives in Paris.");
        stream.verify(PATIENCE);
        assertEquals(3, stream.deadLetters().size());
        stream.deadLetters().forEach((place, letter) -> {
            ConsumerRecord<byte[], byte[]> input = stream.inputs().get(place);
            assertArrayEquals(input.key(), letter.key());
            assertArrayEquals(input.value(), letter.value());
        });
    }

    @Test
    void headersComeBackAsTheyWereAndOnceMoreAfterASecondPass() {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(ExactlyOnce.DOCUMENTS, new byte[] {(byte) 0xff});
        record.headers().add("a", "1".getBytes(UTF_8)).add("a", "2".getBytes(UTF_8))
                .add("bin", new byte[] {0, (byte) 0xff}).add("nul", null).add("retryCount", "1".getBytes(UTF_8))
                .add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(UTF_8));
        List<Header> original = List.of(record.headers().toArray());
        stream.send(record);
        stream.verify(PATIENCE);
        ConsumerRecord<byte[], byte[]> first = stream.deadLetters().values().iterator().next();
        assertHeaders(original, first);

        ProducerRecord<byte[], byte[]> again = new ProducerRecord<>(
                ExactlyOnce.DOCUMENTS, null, first.key(), first.value(), first.headers());
        stream.send(again);
        stream.verify(PATIENCE);
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>(stream.deadLetters().values());
        letters.removeIf(letter -> letter.offset() == first.offset());
        assertEquals(1, letters.size());
        assertHeaders(original, letters.get(0));
        String place = ExactlyOnce.header(letters.get(0), "metaie.topic").orElseThrow() + "-"
                + ExactlyOnce.header(letters.get(0), "metaie.partition").orElseThrow() + "-"
                + ExactlyOnce.header(letters.get(0), "metaie.offset").orElseThrow();
        assertArrayEquals(new byte[] {(byte) 0xff}, letters.get(0).value());
        assertTrue(stream.inputs().containsKey(place), place);
    }

    private static void assertHeaders(List<Header> expected, ConsumerRecord<byte[], byte[]> letter) {
        List<Header> all = Arrays.asList(letter.headers().toArray());
        assertEquals(expected, all.subList(0, expected.size()));
        all.subList(expected.size(), all.size())
                .forEach(header -> assertTrue(header.key().startsWith("metaie."), header.key()));
    }
}
