package io.metaie.extraction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.metaie.tagging.Span;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Writes extractions as the contract's JSON. */
public final class ExtractionWriter {

    private static final JsonFactory JSON = new JsonFactory();

    private ExtractionWriter() {}

    /** The extraction as JSON, on one line but for line breaks that its metadata may have between values. */
    public static String toJson(Extraction extraction) {
        // Through characters, not bytes: the generator of bytes has split surrogate pairs at its buffer's edge.
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("documentId", extraction.documentId());
            optional(json, "task", extraction.task());
            json.writeStringField("model", extraction.model());
            optional(json, "adapter", extraction.adapter());
            json.writeArrayFieldStart("spans");
            for (Extraction.ExtractedSpan span : extraction.spans()) {
                write(json, span);
            }
            json.writeEndArray();
            json.writeNumberField("sentences", extraction.sentences());
            json.writeBooleanField("truncated", extraction.truncated());
            json.writeArrayFieldStart("warnings");
            for (String warning : extraction.warnings()) {
                json.writeString(warning);
            }
            json.writeEndArray();
            if (extraction.metadata().isPresent()) {
                json.writeFieldName("metadata");
                json.writeRawValue(extraction.metadata().get());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, Extraction.ExtractedSpan span) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", span.id());
        json.writeStringField("label", span.label());
        json.writeStringField("text", span.text());
        json.writeNumberField("start", span.start());
        json.writeNumberField("end", span.end());
        json.writeNumberField("score", Span.told(span.score()));
        optional(json, "of", span.of());
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String field, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(field, value.get());
        }
    }
}
