package io.metaie.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecordPrinterTest {

    private static final Terminal TERMINAL = new Terminal(InputStream.nullInputStream(), System.out, System.err, false,
            false, false);

    @Test
    void extractionsShowSpansHeadsAndWarnings() throws IOException {
        assertEquals("""
                d  news@3  2 spans, truncated
                  Person     Ada  0–3  0.99
                  works for  Babbage of Ada  14–21  0.50
                  ! cut
                """, print(new ExtractionPrinter(TERMINAL), """
                {"documentId":"d","task":"news","adapter":"news@3","truncated":true,"warnings":["cut"],"spans":[
                {"id":"s1","label":"Person","text":"Ada","start":0,"end":3,"score":0.99},
                {"id":"s2","label":"works for","text":"Babbage","start":14,"end":21,"score":0.5,"of":"s1"}]}"""));
    }

    @Test
    void eventsShowWhateverTheySay() throws IOException {
        assertEquals("2026-01-31T12:00:00Z  adaptation-progress  news  version=3  f1={\"before\":0.5}  by=null\n",
                print(new EventPrinter(TERMINAL, false), "{\"type\":\"adaptation-progress\",\"task\":\"news\",\"version\":3,"
                        + "\"f1\":{\"before\":0.5},\"by\":null,\"time\":\"2026-01-31T12:00:00Z\"}"));
    }

    @Test
    void examplesShowTheirSpansByCodePoints() throws IOException {
        assertEquals("🚀 Ada  teacher\n  Person  Ada\n  Person  ?\n", print(new ExamplePrinter(TERMINAL),
                "{\"text\":\"🚀 Ada\",\"source\":\"teacher\",\"spans\":[{\"label\":\"Person\",\"start\":2,\"end\":5},"
                        + "{\"label\":\"Person\",\"start\":2,\"end\":9}]}"));
    }

    @Test
    void whatIsNotJsonIsShownAsItIs() throws IOException {
        assertEquals("not JSON: a\\u001bb\n", print(new EventPrinter(TERMINAL, false), "a\u001bb"));
        assertEquals("not JSON: [1]\n", print(new EventPrinter(TERMINAL, false), "[1]"));
        assertEquals("not JSON: null\n", print(new EventPrinter(TERMINAL, false), record(null)));
        assertEquals("null\n", print(RecordPrinter.value(), record(null)));
    }

    @Test
    void aValueTakesOneLine() throws IOException {
        assertEquals("{\"metadata\":{  \"a\": \"\\n\" }}\n",
                print(RecordPrinter.value(), "{\"metadata\":{\r\n\"a\": \"\\n\"\n}}"));
    }

    @Test
    void deadLettersSayWhatTheyAre() throws IOException {
        ConsumerRecord<byte[], byte[]> letter = record(null);
        letter.headers().add("metaie.reason", "too-large".getBytes(UTF_8)).add("metaie.cause", "why".getBytes(UTF_8))
                .add("metaie.topic", "in".getBytes(UTF_8)).add("metaie.partition", new byte[] {'1'})
                .add("metaie.offset", new byte[] {'2'}).add("metaie.value-omitted", new byte[] {'9'}).add("nul", null);
        assertEquals("too-large  why  in-1@2  key k\n  (9 bytes, too many for the topic)\n",
                print(DeadLetterPrinter.text(TERMINAL), letter));
        assertEquals("{\"topic\":\"t\",\"partition\":3,\"offset\":4,\"key\":\"k\",\"headers\":{\"metaie.reason\":\"too-large\","
                + "\"metaie.cause\":\"why\",\"metaie.topic\":\"in\",\"metaie.partition\":\"1\",\"metaie.offset\":\"2\","
                + "\"metaie.value-omitted\":\"9\",\"nul\":null},\"value\":null}\n",
                print(DeadLetterPrinter.json(), letter));
    }

    private static ConsumerRecord<byte[], byte[]> record(String value) {
        return new ConsumerRecord<>("t", 3, 4, "k".getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
    }

    private static String print(RecordPrinter printer, String value) throws IOException {
        return print(printer, record(value));
    }

    private static String print(RecordPrinter printer, ConsumerRecord<byte[], byte[]> record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(out, false, UTF_8)) {
            printer.print(record, stream);
        }
        return out.toString(UTF_8);
    }
}
