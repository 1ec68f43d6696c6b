package io.metaie.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.evaluation.Example;
import io.metaie.extraction.LabelsJson;
import io.metaie.label.InvalidLabelsException;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.record.RejectedDocumentException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads examples as commands and files write them: {@code {"text", "labels"?, "spans": [{"id"?, "label", "start", "end",
 * "of"?} | {"label", "text"}]}}, offsets in code points. A span given by its text means every occurrence, those that
 * begin and end inside a word only if there are no others. Other fields are ignored.
 */
public final class ExampleJson {

    /** Files ask the same labels again and again; some ask others in each record. */
    private static final int MAX_KNOWN = 1_000;

    private final Optional<LabelSet> defaults;
    private final Map<String, LabelSet> known = new HashMap<>();

    /** @param defaults what an example is asked that names no labels; without any, the labels of its spans */
    public ExampleJson(Optional<LabelSet> defaults) {
        this.defaults = defaults;
    }

    /**
     * Reads one example.
     *
     * @throws InvalidExampleException when it is faulty
     */
    public Example read(JsonNode record) throws InvalidExampleException {
        if (!record.isObject()) {
            throw new InvalidExampleException("not a JSON object");
        }
        JsonNode text = record.path("text");
        if (!text.isTextual()) {
            throw new InvalidExampleException("\"text\" is missing or no string");
        }
        JsonNode spans = record.path("spans");
        if (!isAbsent(spans) && !spans.isArray()) {
            throw new InvalidExampleException("\"spans\" is no array");
        }
        LabelSet labels = labels(record.path("labels"), spans);
        return new Example(text.textValue(), labels, new SpanReader(text.textValue(), labels).read(spans));
    }

    private LabelSet labels(JsonNode labels, JsonNode spans) throws InvalidExampleException {
        try {
            if (isAbsent(labels)) {
                return defaults.orElseGet(() -> labelsOf(spans));
            }
            if (!labels.isArray()) {
                throw new InvalidExampleException("\"labels\" is no array");
            }
            if (known.size() > MAX_KNOWN) {
                known.clear();
            }
            return known.computeIfAbsent(labels.toString(), LabelsJson::parse);
        } catch (RejectedDocumentException | InvalidLabelsException e) {
            throw new InvalidExampleException(e.getMessage());
        }
    }

    private static LabelSet labelsOf(JsonNode spans) {
        Set<Label> labels = new LinkedHashSet<>();
        for (JsonNode span : spans) {
            if (span.path("label").isTextual()) {
                labels.add(Label.named(span.path("label").textValue()));
            }
        }
        return LabelSet.of(List.copyOf(labels));
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
