package io.metaie.extraction;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.metaie.label.Label;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a JSON document, as they stand. Unknown ones are ignored.
 *
 * @param id as written
 * @param text the text, if the field is there and a string
 * @param task the task's name
 * @param labels the labels, if any were given
 * @param threshold the threshold, if given
 * @param exclusive whether labels exclude one another, if given
 * @param metadata the very slice of the source, numbers and order kept
 */
record DocumentJson(
        Optional<String> id,
        Optional<String> text,
        Optional<String> task,
        Optional<List<Label>> labels,
        Optional<Double> threshold,
        Optional<Boolean> exclusive,
        Optional<String> metadata) {

    /** A document that is nothing but its text. */
    static DocumentJson ofText(String text) {
        return new DocumentJson(Optional.empty(), Optional.of(text), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Reads a document.
     *
     * @throws RejectedDocumentException with {@link Reason#INVALID_JSON} or {@link Reason#INVALID_LABELS}
     */
    static DocumentJson parse(String json) {
        return JsonValues.parse(json, parser -> {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw JsonValues.invalid("not a JSON object");
            }
            return new Fields(parser, json).read();
        });
    }

    /** One pass over the fields. */
    private static final class Fields {
        private final JsonParser parser;
        private final String json;
        private Optional<String> id = Optional.empty();
        private Optional<String> text = Optional.empty();
        private Optional<String> task = Optional.empty();
        private Optional<List<Label>> labels = Optional.empty();
        private Optional<Double> threshold = Optional.empty();
        private Optional<Boolean> exclusive = Optional.empty();
        private Optional<String> metadata = Optional.empty();

        Fields(JsonParser parser, String json) {
            this.parser = parser;
            this.json = json;
        }

        DocumentJson read() throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = JsonValues.string(parser);
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_NULL) {
                    // The same as not given, also where it takes back what stood before.
                    clear(field);
                    continue;
                }
                switch (field) {
                    case "id" -> id = id(value);
                    case "text" -> text = text(value);
                    case "task" -> task = task(value);
                    case "labels" -> labels = LabelsJson.read(parser);
                    case "threshold" -> threshold = threshold(value);
                    case "exclusive" -> exclusive = exclusive(value);
                    case "metadata" -> metadata = Optional.of(slice());
                    default -> JsonValues.skip(parser);
                }
            }
            return new DocumentJson(id, text, task, labels, threshold, exclusive, metadata);
        }

        private void clear(String field) {
            switch (field) {
                case "id" -> id = Optional.empty();
                case "text" -> text = Optional.empty();
                case "task" -> task = Optional.empty();
                case "labels" -> labels = Optional.empty();
                case "threshold" -> threshold = Optional.empty();
                case "exclusive" -> exclusive = Optional.empty();
                case "metadata" -> metadata = Optional.empty();
                default -> { }
            }
        }

        private Optional<String> id(JsonToken value) throws IOException {
            if (value.isStructStart()) {
                throw JsonValues.invalid("\"id\" must be a string or a number");
            }
            return Optional.of(JsonValues.string(parser));
        }

        private Optional<String> text(JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                return Optional.of(JsonValues.string(parser));
            }
            JsonValues.skip(parser);
            return Optional.empty();
        }

        private Optional<String> task(JsonToken value) throws IOException {
            if (value != JsonToken.VALUE_STRING) {
                throw JsonValues.invalid("\"task\" must be a string");
            }
            return Optional.of(JsonValues.string(parser));
        }

        private Optional<Double> threshold(JsonToken value) throws IOException {
            if (!value.isNumeric()) {
                throw JsonValues.invalid("\"threshold\" must be a number");
            }
            return Optional.of(parser.getDoubleValue());
        }

        private Optional<Boolean> exclusive(JsonToken value) {
            if (!value.isBoolean()) {
                throw JsonValues.invalid("\"exclusive\" must be true or false");
            }
            return Optional.of(value == JsonToken.VALUE_TRUE);
        }

        private String slice() throws IOException {
            int start = (int) parser.currentTokenLocation().getCharOffset();
            JsonValues.skip(parser);
            // Behind a number or literal the parser may have looked at what follows it.
            return json.substring(start, (int) parser.currentLocation().getCharOffset()).strip();
        }
    }
}
