package io.metaie.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * One record and what must become of it: an extraction, unless a case says {@link #rejected}. Offsets are in code
 * points.
 */
final class Case {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final String title;
    private final Optional<byte[]> value;
    private final List<Header> headers = new ArrayList<>();
    private final List<Consumer<Found>> checks = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Optional<byte[]> key = Optional.empty();
    private Optional<String> reason = Optional.empty();
    private Optional<String> documentId = Optional.empty();
    private Optional<String> twin = Optional.empty();
    private Set<String> twinLabels = Set.of();
    private boolean truncated;
    private boolean heavy;

    private Case(String title, Optional<byte[]> value) {
        this.title = title;
        this.value = value;
    }

    /** A JSON document with these labels. */
    static Case document(String title, String text, String... labels) {
        ObjectNode document = JSON.createObjectNode().put("text", text);
        for (String label : labels) {
            document.withArray("labels").add(label);
        }
        return value(title, document.toString());
    }

    /** A record with this value and no header: a document if it is a JSON object, else a text. */
    static Case value(String title, String value) {
        return new Case(title, Optional.of(value.getBytes(UTF_8)));
    }

    static Case bytes(String title, byte... value) {
        return new Case(title, Optional.of(value));
    }

    static Case withoutValue(String title) {
        return new Case(title, Optional.empty());
    }

    Case key(byte... bytes) {
        key = Optional.of(bytes);
        return this;
    }

    Case key(String text) {
        return key(text.getBytes(UTF_8));
    }

    Case header(String name, byte... bytes) {
        headers.add(new RecordHeader(name, bytes));
        return this;
    }

    Case header(String name, String text) {
        return header(name, text == null ? null : text.getBytes(UTF_8));
    }

    Case contentType(String type) {
        return header("content-type", type);
    }

    /** The record goes to the dead letters, for this reason. */
    Case rejected(String why) {
        reason = Optional.of(why);
        return this;
    }

    /** A span that must be there. */
    Case finds(String label, String text, int start) {
        return check(found -> assertTrue(
                found.spans(label).stream().anyMatch(span -> span.path("start").asInt() == start
                        && span.path("text").asText().equals(text)),
                () -> "no " + label + " \"" + text + "\" at " + start + " in " + found.json()));
    }

    /** Wherever the model sees a span with this text, it stands at one of these places. */
    Case onlyAt(String text, int... starts) {
        return check(found -> {
            for (JsonNode span : found.json().path("spans")) {
                if (span.path("text").asText().equals(text)) {
                    int at = span.path("start").asInt();
                    assertTrue(Arrays.stream(starts).anyMatch(start -> start == at), found.json()::toString);
                }
            }
        });
    }

    Case findsNothing() {
        return check(found -> assertEquals(0, found.json().path("spans").size(), found.json()::toString));
    }

    Case sentences(int count) {
        return check(found -> assertEquals(count, found.json().path("sentences").asInt()));
    }

    /** A warning with this in it; a case that names none must bring none. */
    Case warns(String part) {
        warnings.add(part);
        return this;
    }

    /** Some of the text cannot be read, and that is said. */
    Case truncated() {
        truncated = true;
        return this;
    }

    Case documentId(String id) {
        documentId = Optional.of(id);
        return this;
    }

    /** The metadata come back character by character. */
    Case metadata(String slice) {
        return check(found -> assertTrue(found.raw().endsWith(",\"metadata\":" + slice + "}"), found::raw));
    }

    /** The same spans and scores as another case's extraction, of these labels, or of all if none are given. */
    Case like(String otherTitle, String... labels) {
        twin = Optional.of(otherTitle);
        twinLabels = Set.of(labels);
        return this;
    }

    Case check(Consumer<Found> check) {
        checks.add(check);
        return this;
    }

    /** Too much work to be asked twice, or a body that HTTP cannot carry as it is: not sent over HTTP. */
    Case throughKafkaOnly() {
        heavy = true;
        return this;
    }

    /** An extraction as it was read. */
    record Found(String text, String raw, JsonNode json) {

        List<JsonNode> spans(String label) {
            List<JsonNode> spans = new ArrayList<>();
            json.path("spans").forEach(span -> {
                if (span.path("label").asText().equals(label)) {
                    spans.add(span);
                }
            });
            return spans;
        }
    }

    String title() {
        return title;
    }

    Optional<byte[]> value() {
        return value;
    }

    Optional<String> reason() {
        return reason;
    }

    Optional<String> twin() {
        return twin;
    }

    Set<String> twinLabels() {
        return twinLabels;
    }

    Optional<String> contentType() {
        return headers.stream().filter(header -> header.key().equals("content-type") && header.value() != null)
                .reduce((first, second) -> second)
                .map(header -> new String(header.value(), UTF_8));
    }

    boolean goesOverHttp() {
        return !heavy && value.isPresent();
    }

    ProducerRecord<byte[], byte[]> record(String topic, int partition) {
        return new ProducerRecord<>(topic, partition, key.orElse(null), value.orElse(null), headers);
    }

    /** The text whose code points the offsets count. */
    String text() {
        String source = new String(value.orElseThrow(), UTF_8);
        return isJson() ? json().path("text").asText() : source;
    }

    /** The document, if the record is one. */
    Optional<JsonNode> document() {
        return isJson() ? Optional.of(json()) : Optional.empty();
    }

    private boolean isJson() {
        return contentType().map(type -> !type.toLowerCase(Locale.ROOT).startsWith("text/"))
                .orElseGet(() -> new String(value.orElseThrow(), UTF_8).replaceFirst("^\uFEFF", "").strip().startsWith("{")
                        && json().isObject());
    }

    private JsonNode json() {
        try {
            return JSON.readTree(new String(value.orElseThrow(), UTF_8).replaceFirst("^\uFEFF", ""));
        } catch (JsonProcessingException e) {
            return JSON.nullNode();
        }
    }

    /** Holds an extraction to what this case expects of it. */
    void verify(Found found, Optional<String> id) {
        documentId.or(() -> id).ifPresent(expected ->
                assertEquals(expected, found.json().path("documentId").asText()));
        assertEquals(truncated, found.json().path("truncated").asBoolean(), found.json().path("warnings")::toString);
        List<String> warned = new ArrayList<>();
        found.json().path("warnings").forEach(warning -> warned.add(warning.asText()));
        assertEquals(warnings.isEmpty(), warned.isEmpty(), warned::toString);
        for (String part : warnings) {
            assertTrue(warned.stream().anyMatch(warning -> warning.contains(part)), warned::toString);
        }
        checks.forEach(check -> check.accept(found));
    }
}
