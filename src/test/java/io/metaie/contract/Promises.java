package io.metaie.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.ibm.icu.text.BreakIterator;
import io.metaie.contract.Case.Found;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What holds for every answer, whatever was asked. */
final class Promises {

    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int ACCOUNT_HEADERS = 6;

    private Promises() {}

    /** Reads an extraction as any consumer would, and checks all that can be checked without knowing the case. */
    static Found extraction(String text, byte[] value) {
        String raw = utf8(value);
        JsonNode json = json(raw);
        Schemas.assertValid("extraction", json);
        slices(text, json.path("spans"));
        order(json.path("spans"));
        heads(json.path("spans"));
        if (json.path("truncated").asBoolean()) {
            assertTrue(json.path("warnings").size() > 0, "cut without a word");
        }
        return new Found(text, raw, json);
    }

    /**
     * Every label of an answer was asked, and spans of the same place stand in the order of their labels. Names are
     * compared trimmed and with white space collapsed.
     */
    static void labels(JsonNode labels, JsonNode spans) {
        Map<String, Integer> order = new HashMap<>();
        Set<String> repeated = new HashSet<>();
        labels.forEach(label -> {
            String name = label.path("name").asText(label.asText()).replaceAll("(?U)\\s+", " ").strip();
            if (order.putIfAbsent(name, order.size()) != null) {
                repeated.add(name);
            }
        });
        JsonNode before = MissingNode.getInstance();
        for (JsonNode span : spans) {
            String name = span.path("label").asText();
            assertTrue(order.containsKey(name), span::toString);
            boolean samePlace = span.path("start").equals(before.path("start")) && span.path("end").equals(before.path("end"));
            if (samePlace && !repeated.contains(name) && !repeated.contains(before.path("label").asText())) {
                assertTrue(order.get(name) >= order.get(before.path("label").asText()), span::toString);
            }
            before = span;
        }
    }

    private static void slices(String text, JsonNode spans) {
        BreakIterator clusters = BreakIterator.getCharacterInstance();
        clusters.setText(text);
        for (JsonNode span : spans) {
            String slice = span.path("text").asText();
            int start = span.path("start").asInt();
            int from = text.offsetByCodePoints(0, start);
            assertEquals(slice, text.substring(from, Math.min(text.length(), from + slice.length())));
            assertEquals(start + slice.codePointCount(0, slice.length()), span.path("end").asInt());
            assertEquals(slice.strip(), slice);
            assertTrue(clusters.isBoundary(from) && clusters.isBoundary(from + slice.length()),
                    () -> "cut inside a letter: " + span);
        }
    }

    private static void order(JsonNode spans) {
        Map<List<String>, Integer> ends = new HashMap<>();
        int start = 0;
        int end = 0;
        for (JsonNode span : spans) {
            int from = span.path("start").asInt();
            int to = span.path("end").asInt();
            assertTrue(from > start || from == start && to >= end, () -> "out of order: " + span);
            start = from;
            end = to;
            Integer before = ends.put(List.of(span.path("label").asText(), span.path("of").asText()), to);
            assertTrue(before == null || before <= from, () -> "overlaps one of its own label: " + span);
        }
    }

    private static void heads(JsonNode spans) {
        Set<String> ids = new HashSet<>();
        spans.forEach(span -> assertTrue(ids.add(span.path("id").asText()), "an id twice"));
        spans.forEach(span -> assertTrue(!span.has("of") || ids.contains(span.path("of").asText()), span::toString));
    }

    static void extractionRecord(ConsumerRecord<byte[], byte[]> record, Found found, String place, String topic) {
        assertEquals(found.json().path("documentId").asText(), utf8(record.key()));
        ObjectNode headers = STRICT.createObjectNode();
        for (Header header : record.headers()) {
            assertTrue(!headers.has(header.key()), header.key() + " twice");
            headers.put(header.key(), utf8(header.value()));
        }
        Schemas.assertValid("extraction-headers", headers);
        assertEquals(place, headers.path("ce_id").asText());
        assertEquals("/metaie/" + topic, headers.path("ce_source").asText());
        assertEquals(6, headers.size(), headers::toString);
    }

    /** The letter is the record untouched, and an account of what is wrong with it. */
    static void deadLetter(ConsumerRecord<byte[], byte[]> source, ConsumerRecord<byte[], byte[]> letter) {
        assertArrayEquals(source.key(), letter.key());
        assertArrayEquals(source.value(), letter.value());
        Header[] original = source.headers().toArray();
        Header[] all = letter.headers().toArray();
        assertEquals(original.length + ACCOUNT_HEADERS, all.length);
        for (int i = 0; i < original.length; i++) {
            assertEquals(original[i].key(), all[i].key());
            assertArrayEquals(original[i].value(), all[i].value());
        }
        ObjectNode account = STRICT.createObjectNode();
        for (int i = original.length; i < all.length; i++) {
            account.put(all[i].key(), utf8(all[i].value()));
        }
        Schemas.assertValid("dead-letter-headers", account);
        assertEquals(source.topic(), account.path("metaie.topic").asText());
        assertEquals(source.partition(), account.path("metaie.partition").asInt());
        assertEquals(source.offset(), account.path("metaie.offset").asLong());
        assertEquals(source.timestamp(), account.path("metaie.timestamp").asLong());
        assertTrue(!account.path("metaie.cause").asText().isBlank());
    }

    private static JsonNode json(String raw) {
        try {
            return STRICT.readTree(raw);
        } catch (java.io.IOException e) {
            throw new AssertionError("not JSON: " + raw.substring(0, Math.min(200, raw.length())), e);
        }
    }

    private static String utf8(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("not UTF-8", e);
        }
    }
}
