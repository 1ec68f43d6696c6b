package io.metaie.extraction;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.metaie.label.InvalidLabelsException;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Labels as documents, tasks and settings write them: {@code ["Person", {"name": "works for", "of": "Person"}]}. */
public final class LabelsJson {

    private LabelsJson() {}

    /**
     * Reads labels from a setting or an option: a JSON array, or names between commas.
     *
     * @throws RejectedDocumentException when they cannot be read or asked
     */
    public static LabelSet parse(String labels) {
        if (labels.strip().startsWith("[")) {
            return set(JsonValues.parse(labels, LabelsJson::read).orElse(List.of()));
        }
        return set(Stream.of(labels.split(",")).map(String::strip).filter(name -> !name.isEmpty()).map(Label::named).toList());
    }

    /** Writes labels, so that {@link #parse} reads the same. */
    public static String write(LabelSet labels) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Label label : labels.labels()) {
            if (label.of().isEmpty()) {
                array.add(label.name());
            } else {
                array.addObject().put("name", label.name()).put("of", label.of().get()).put("prompt", label.prompt());
            }
        }
        return array.toString();
    }

    /** Checks and arranges labels, as {@link LabelSet#of} does. */
    static LabelSet set(List<Label> labels) {
        try {
            return LabelSet.of(labels);
        } catch (InvalidLabelsException e) {
            throw invalid(e.getMessage());
        }
    }

    /** Reads the current value; null and an empty array are no labels. */
    static Optional<List<Label>> read(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw invalid("\"labels\" must be an array");
        }
        List<Label> labels = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            labels.add(label(parser));
        }
        return labels.isEmpty() ? Optional.empty() : Optional.of(labels);
    }

    private static Label label(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return Label.named(JsonValues.string(parser));
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("a label must be a string or an object with a \"name\"");
        }
        Optional<String> name = Optional.empty();
        Optional<String> of = Optional.empty();
        Optional<String> prompt = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = JsonValues.string(parser);
            parser.nextToken();
            switch (field) {
                case "name" -> name = string(parser, field);
                case "of" -> of = string(parser, field);
                case "prompt" -> prompt = string(parser, field);
                default -> JsonValues.skip(parser);
            }
        }
        String called = name.orElseThrow(() -> invalid("a label without a name"));
        Label byDefault = of.map(head -> Label.of(called, head)).orElseGet(() -> Label.named(called));
        return prompt.map(given -> new Label(byDefault.name(), byDefault.of(), given)).orElse(byDefault);
    }

    private static Optional<String> string(JsonParser parser, String field) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw invalid("\"" + field + "\" of a label must be a string");
        }
        return Optional.of(JsonValues.string(parser));
    }

    private static RejectedDocumentException invalid(String cause) {
        return new RejectedDocumentException(Reason.INVALID_LABELS, cause);
    }
}
