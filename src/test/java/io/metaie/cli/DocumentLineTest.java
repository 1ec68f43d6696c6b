package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentLineTest {

    private final DocumentLine plain = new DocumentLine("t", Optional.empty(), Optional.empty());
    private final DocumentLine completing =
            new DocumentLine("t", Optional.of("news"), Optional.of(DocumentLine.labels(" Person, Works \"for\",")));

    @Test
    void anObjectIsADocumentUntouched() {
        String line = " {\"id\": 1.50, \"text\": \"🚀\", \"metadata\": {\"n\": 1e400}} ";
        ProducerRecord<byte[], byte[]> record = plain.record(line.getBytes(UTF_8));
        assertEquals("application/json", contentType(record));
        assertEquals(line, new String(record.value(), UTF_8));
        assertEquals("1.5", new String(record.key(), UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ada Lovelace", "{broken", "{} {}", "[1]", "\"text\"", "{\"a\":1}x", "  indented"})
    void anyOtherLineIsText(String line) {
        ProducerRecord<byte[], byte[]> record = plain.record(line.getBytes(UTF_8));
        assertEquals("text/plain", contentType(record));
        assertEquals(line, new String(record.value(), UTF_8));
        assertNull(record.key());
    }

    @Test
    void labelsMayBeAJsonArray() {
        String labels = "[\"Person\",{\"name\":\"works for\",\"of\":\"Person\"}]";
        assertEquals(labels, DocumentLine.labels(" " + labels).toString());
    }

    @Test
    void nestingIsForTheServiceToJudge() {
        String line = "{\"text\":\"x\",\"metadata\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        assertEquals("application/json", contentType(plain.record(line.getBytes(UTF_8))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{}|{`task`:`news`,`labels`:[`Person`,`Works \\`for\\``]}",
        "{`text`:`x`,`n`:1.0}|{`task`:`news`,`labels`:[`Person`,`Works \\`for\\``],`text`:`x`,`n`:1.0}",
        "{`labels`:[],`text`:`x`}|{`task`:`news`,`labels`:[],`text`:`x`}",
        "{`task`:`own`,`labels`:null}|{`task`:`own`,`labels`:null}",
        "some `text`|{`task`:`news`,`labels`:[`Person`,`Works \\`for\\``],`text`:`some \\`text\\``}"
    }, ignoreLeadingAndTrailingWhitespace = true)
    void documentsAreCompletedWithWhatTheyLack(String line, String expected) {
        ProducerRecord<byte[], byte[]> record = completing.record(quoted(line).getBytes(UTF_8));
        assertEquals(quoted(expected), new String(record.value(), UTF_8));
        assertEquals("application/json", contentType(record));
    }

    /** Backticks for quotes, to be readable above. */
    private static String quoted(String text) {
        return text.replace('`', '"');
    }

    @Test
    void whatIsNotUtf8StaysAsItIs() {
        byte[] line = {'a', (byte) 0xff};
        assertArrayEquals(line, completing.record(line).value());
        assertEquals("text/plain", contentType(completing.record(line)));
    }

    private static String contentType(ProducerRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader("content-type").value(), UTF_8);
    }
}
