package io.metaie.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

    private static final String TOPIC = "metaie.documents.dead-letters";

    private final DeadLetters letters = new DeadLetters(TOPIC, 10_000);

    @Test
    void keepsTheOriginalAndAddsWhyAndWhere() {
        Headers headers = new RecordHeaders()
                .add("a", bytes("1"))
                .add("a", bytes("2"))
                .add("bin", new byte[] {0, (byte) 0xff})
                .add("nul", null);
        byte[] value = {(byte) 0xc3, 0x28};

        ProducerRecord<byte[], byte[]> letter =
                letters.letter(record(bytes("k"), value, headers), "invalid-utf8", "byte 0");

        assertEquals(TOPIC, letter.topic());
        assertArrayEquals(bytes("k"), letter.key());
        assertArrayEquals(value, letter.value());
        assertEquals(
                List.of("a", "a", "bin", "nul", "metaie.reason", "metaie.cause", "metaie.topic", "metaie.partition",
                        "metaie.offset", "metaie.timestamp"),
                names(letter));
        Header[] all = letter.headers().toArray();
        assertArrayEquals(bytes("2"), all[1].value());
        assertArrayEquals(new byte[] {0, (byte) 0xff}, all[2].value());
        assertNull(all[3].value());
        assertEquals("invalid-utf8", header(letter, "metaie.reason"));
        assertEquals("byte 0", header(letter, "metaie.cause"));
        assertEquals("documents", header(letter, "metaie.topic"));
        assertEquals("3", header(letter, "metaie.partition"));
        assertEquals("42", header(letter, "metaie.offset"));
        assertEquals("1700000000000", header(letter, "metaie.timestamp"));
    }

    @Test
    void keepsATombstoneATombstone() {
        ProducerRecord<byte[], byte[]> letter =
                letters.letter(record(null, null, new RecordHeaders()), "empty-record", "no value");
        assertNull(letter.key());
        assertNull(letter.value());
        assertNull(letter.headers().lastHeader("metaie.value-omitted"));
    }

    @Test
    void theNewestAccountComesLast() {
        ProducerRecord<byte[], byte[]> first =
                letters.letter(record(null, bytes("x"), new RecordHeaders()), "invalid-json", "first");
        ProducerRecord<byte[], byte[]> second =
                letters.letter(record(null, first.value(), first.headers()), "no-labels", "second");
        assertEquals("no-labels", header(second, "metaie.reason"));
        assertEquals(12, second.headers().toArray().length);
    }

    @Test
    void shortensTheCauseBetweenCharacters() {
        String cause = "x".repeat(998) + "🚀".repeat(50);
        ProducerRecord<byte[], byte[]> letter =
                letters.letter(record(null, bytes("x"), new RecordHeaders()), "failed", cause);
        String kept = header(letter, "metaie.cause");
        assertTrue(kept.length() <= 1_000, () -> kept.length() + " characters");
        assertEquals("x".repeat(998) + "…", kept);
    }

    @Test
    void leavesTheValueOutWhenItDoesNotFit() {
        ProducerRecord<byte[], byte[]> letter = letters.letter(
                record(bytes("k"), new byte[10_000], new RecordHeaders().add("a", bytes("1"))), "too-large", "big");
        assertArrayEquals(bytes("k"), letter.key());
        assertNull(letter.value());
        assertEquals("10000", header(letter, "metaie.value-omitted"));
        assertEquals("1", header(letter, "a"));
    }

    @Test
    void alwaysFits() {
        Headers headers = new RecordHeaders().add("h", new byte[9_000]);
        ProducerRecord<byte[], byte[]> withoutHeaders =
                letters.letter(record(new byte[5_000], new byte[10], headers), "failed", "c");
        assertEquals(5_000, withoutHeaders.key().length);
        assertEquals("1", header(withoutHeaders, "metaie.headers-omitted"));

        ProducerRecord<byte[], byte[]> bare =
                letters.letter(record(new byte[20_000], new byte[10], headers), "failed", "c".repeat(5_000));
        assertNull(bare.key());
        assertEquals("20000", header(bare, "metaie.key-omitted"));
        assertEquals("10", header(bare, "metaie.value-omitted"));
        assertTrue(RecordSizes.upperBound(bare) <= 10_000);
    }

    @Test
    void eachSentenceHasALetterWithTheWholeRecord() {
        List<ProducerRecord<byte[], byte[]>> all = letters.letters(record(bytes("k"), bytes("text"), new RecordHeaders()),
                List.of(new DeadLetters.Fault(2, "teacher-refused", "no"), new DeadLetters.Fault(5, "teacher-refused", "never")));
        assertEquals(List.of("2", "5"), all.stream().map(letter -> header(letter, "metaie.sentences")).toList());
        assertEquals(List.of("no", "never"), all.stream().map(letter -> header(letter, "metaie.cause")).toList());
        all.forEach(letter -> assertArrayEquals(bytes("text"), letter.value()));
    }

    @Test
    void manySentencesOfALargeRecordDoNotMultiplyIt() {
        Headers headers = new RecordHeaders().add("h", new byte[100]);
        List<DeadLetters.Fault> faults = new ArrayList<>();
        for (int i = 1; i <= 500; i++) {
            faults.add(new DeadLetters.Fault(i, i % 5 == 0 ? "failed" : "teacher-refused", "sentence " + i));
        }
        List<ProducerRecord<byte[], byte[]>> all = letters.letters(record(new byte[2_000], new byte[1_000], headers), faults);
        assertEquals(500, all.size());
        long bytes = all.stream().mapToLong(letter -> length(letter.key()) + length(letter.value())).sum();
        assertTrue(bytes <= 10_000, bytes + " bytes of values and keys");
        for (String reason : List.of("failed", "teacher-refused")) {
            List<Integer> sentBack = all.stream().filter(letter -> header(letter, "metaie.reason").equals(reason) && letter.value() != null)
                    .flatMap(letter -> DeadLetters.parts(Optional.of(header(letter, "metaie.sentences"))).stream()).sorted().toList();
            assertEquals(faults.stream().filter(fault -> fault.reason().equals(reason)).map(DeadLetters.Fault::sentence).toList(), sentBack,
                    "each sentence is asked about once when all letters with a value are sent back");
        }
        ProducerRecord<byte[], byte[]> bare = all.get(all.size() - 1);
        assertNull(bare.value());
        assertEquals("1000", header(bare, "metaie.value-omitted"));
        assertEquals("2000", header(bare, "metaie.key-omitted"));
        assertEquals("1", header(bare, "metaie.headers-omitted"));
    }

    @Test
    void numbersOfSentencesAreReadAndAllElseIsPassedOver() {
        assertEquals(Set.of(3, 7), DeadLetters.parts(Optional.of("3,7,x,-1,,99999999999")));
        assertEquals(Set.of(), DeadLetters.parts(Optional.empty()));
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>("documents", 3, 42, 1_700_000_000_000L, TimestampType.CREATE_TIME, -1, -1, key,
                value, headers, Optional.empty());
    }

    private static List<String> names(ProducerRecord<byte[], byte[]> letter) {
        return Arrays.stream(letter.headers().toArray()).map(Header::key).toList();
    }

    private static String header(ProducerRecord<byte[], byte[]> letter, String name) {
        return StreamSupport.stream(letter.headers().headers(name).spliterator(), false)
                .reduce((first, last) -> last)
                .map(h -> new String(h.value(), UTF_8))
                .orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
