package io.metaie.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.feed.FeedItem.Kind;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Records of the output topics as items of the feed. */
final class FeedRecords {

    /** A larger extraction is shown without its metadata and with its first spans only. */
    static final int MAX_BYTES = 64 << 10;
    static final int MAX_SPANS = 100;

    private static final JsonMapper JSON = new JsonMapper();

    private FeedRecords() {}

    /**
     * An extraction, as it stands on its topic; {@code id} of the server-sent event is its document's place.
     *
     * @return nothing for what is no extraction: others may write to the topic, too
     */
    static Optional<FeedItem> extraction(ConsumerRecord<byte[], byte[]> record) {
        return object(record.value()).map(extraction -> {
            Set<String> labels = new HashSet<>();
            extraction.path("spans").forEach(span -> labels.add(span.path("label").asText()));
            Optional<String> place = place(record);
            Set<String> documents = new HashSet<>();
            documents.add(extraction.path("documentId").asText());
            place.ifPresent(documents::add);
            return new FeedItem(Kind.EXTRACTION, text(extraction, "task"), labels, documents,
                    FeedItem.frame(Kind.EXTRACTION, place, shown(record.value(), extraction)), Optional.empty());
        });
    }

    /** The place of the record an extraction answers: {@code <topic>-<partition>-<offset>}. */
    static Optional<String> place(ConsumerRecord<byte[], byte[]> extraction) {
        return header(extraction, "ce_id").filter(place -> place.chars().noneMatch(c -> c < ' '));
    }

    /** An extraction with its document's text, or a part of it. */
    static FeedItem withText(FeedItem item, ConsumerRecord<byte[], byte[]> record, String document) {
        ObjectNode extraction = object(record.value()).orElseThrow();
        TextSlice slice = TextSlice.of(document, extraction.path("spans").path(0).path("start").asInt());
        ObjectNode text = JSON.createObjectNode();
        text.put("text", slice.text());
        text.put("textStart", slice.start());
        text.put("textLength", slice.whole());
        String shown = shown(record.value(), extraction).strip();
        String added = text.toString();
        return item.withText(place(record).orElse(""),
                shown.substring(0, shown.length() - 1) + "," + added.substring(1));
    }

    /** An event, as it stands on its topic. */
    static Optional<FeedItem> event(ConsumerRecord<byte[], byte[]> record) {
        return object(record.value()).map(event ->
                FeedItem.of(Kind.EVENT, text(event, "task"), new String(record.value(), UTF_8)));
    }

    /** A dead letter, see {@link DeadLetterJson}. */
    static FeedItem deadLetter(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode letter = DeadLetterJson.of(record);
        Set<String> documents = new HashSet<>();
        JsonNode source = letter.path("source");
        documents.add(source.path("topic").asText() + "-" + source.path("partition").asText() + "-"
                + source.path("offset").asText());
        documents.add(letter.path("key").asText());
        Optional<ObjectNode> document = object(record.value());
        document.flatMap(json -> text(json, "id")).ifPresent(documents::add);
        return new FeedItem(Kind.DEAD_LETTER, document.flatMap(json -> text(json, "task")), Set.of(), documents,
                FeedItem.frame(Kind.DEAD_LETTER, Optional.empty(), letter.toString()), Optional.empty());
    }

    private static String shown(byte[] value, ObjectNode extraction) {
        if (value.length <= MAX_BYTES) {
            return new String(value, UTF_8);
        }
        ObjectNode small = extraction.deepCopy();
        small.remove("metadata");
        ArrayNode spans = JSON.createArrayNode();
        extraction.path("spans").forEach(span -> {
            if (spans.size() < MAX_SPANS) {
                spans.add(span);
            }
        });
        small.set("spans", spans);
        small.put("spansLeftOut", extraction.path("spans").size() - spans.size());
        return small.toString();
    }

    private static Optional<ObjectNode> object(byte[] value) {
        try {
            return value == null ? Optional.empty()
                    : JSON.readTree(value) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonNode json, String field) {
        return json.path(field).isValueNode() && !json.path(field).isNull()
                ? Optional.of(json.path(field).asText()) : Optional.empty();
    }

    static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? Optional.empty() : Optional.of(new String(header.value(), UTF_8));
    }
}
