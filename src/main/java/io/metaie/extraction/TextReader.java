package io.metaie.extraction;

import com.fasterxml.jackson.core.JsonToken;
import io.metaie.record.InboundRecord;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import io.metaie.text.Document;
import java.util.Optional;

/** Reads records that are nothing but a text and its name: {@code {"id"?, "text"}}, or the text itself. */
public final class TextReader {

    private TextReader() {}

    /**
     * Reads a record. Fields it does not know are ignored.
     *
     * @param maxBytes larger values are rejected
     * @throws RejectedDocumentException when it is no text, or a blank one
     */
    public static Document read(InboundRecord record, int maxBytes) {
        RecordText value = RecordText.of(record, maxBytes);
        Document document = value.isJson() ? json(value) : new Document(value.fallbackId(), value.text());
        if (document.text().isBlank()) {
            throw new RejectedDocumentException(Reason.MISSING_TEXT, "the text is blank");
        }
        return document;
    }

    private static Document json(RecordText value) {
        return JsonValues.parse(value.text(), parser -> {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw JsonValues.invalid("not a JSON object");
            }
            Optional<String> id = Optional.empty();
            Optional<String> text = Optional.empty();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = JsonValues.string(parser);
                JsonToken token = parser.nextToken();
                if (field.equals("id")) {
                    if (token.isStructStart()) {
                        throw JsonValues.invalid("\"id\" must be a string or a number");
                    }
                    id = token == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(JsonValues.string(parser));
                } else if (field.equals("text") && token == JsonToken.VALUE_STRING) {
                    text = Optional.of(JsonValues.string(parser));
                } else {
                    text = field.equals("text") ? Optional.empty() : text;
                    JsonValues.skip(parser);
                }
            }
            return new Document(id.orElse(value.fallbackId()), text.orElseThrow(() -> new RejectedDocumentException(
                    Reason.MISSING_TEXT, "there is no \"text\", or one that is not a string")));
        });
    }
}
