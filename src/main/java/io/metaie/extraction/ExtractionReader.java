package io.metaie.extraction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.extraction.Extraction.ExtractedSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what {@link ExtractionWriter} wrote: for programs at the other end of the spans topic. */
public final class ExtractionReader {

    private static final JsonMapper JSON = new JsonMapper();

    private ExtractionReader() {}

    /**
     * Reads an extraction.
     *
     * @throws IllegalArgumentException when the text is not one
     */
    public static Extraction fromJson(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
        List<ExtractedSpan> spans = new ArrayList<>();
        for (JsonNode span : required(root, "spans")) {
            spans.add(new ExtractedSpan(
                    required(span, "id").asText(),
                    required(span, "label").asText(),
                    required(span, "text").asText(),
                    required(span, "start").asInt(),
                    required(span, "end").asInt(),
                    (float) required(span, "score").asDouble(),
                    optional(span, "of")));
        }
        List<String> warnings = new ArrayList<>();
        required(root, "warnings").forEach(warning -> warnings.add(warning.asText()));
        return new Extraction(
                required(root, "documentId").asText(),
                optional(root, "task"),
                required(root, "model").asText(),
                optional(root, "adapter"),
                List.copyOf(spans),
                required(root, "sentences").asInt(),
                required(root, "truncated").asBoolean(),
                List.copyOf(warnings),
                root.has("metadata") ? Optional.of(root.get("metadata").toString()) : Optional.empty());
    }

    private static JsonNode required(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (value.isMissingNode()) {
            throw new IllegalArgumentException("an extraction without \"" + field + "\"");
        }
        return value;
    }

    private static Optional<String> optional(JsonNode object, String field) {
        return object.hasNonNull(field) ? Optional.of(object.get(field).asText()) : Optional.empty();
    }
}
