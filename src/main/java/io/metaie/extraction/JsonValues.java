package io.metaie.extraction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import java.io.IOException;

/** Reading of untrusted JSON, token by token: nesting costs no stack, and every string can be written as UTF-8 again. */
final class JsonValues {

    /** Readers of the answer must be able to parse what it carries: many parsers stop at 1,000, a few frames included. */
    private static final int MAX_DEPTH = 500;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonValues() {}

    /** Reads one JSON value and nothing behind it. */
    static <T> T parse(String json, Reading<T> reading) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            T value = reading.read(parser);
            if (parser.nextToken() != null) {
                throw invalid("more than one JSON value");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw invalid(e.getOriginalMessage() + " at character " + e.getLocation().getCharOffset());
        } catch (IOException e) {
            throw invalid(e.toString());
        }
    }

    /** Whether a text is a JSON object and nothing more. */
    static boolean isObject(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return false;
        }
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** The current token as text, whole and well-formed. */
    static String string(JsonParser parser) throws IOException {
        String string = parser.getText();
        for (int i = 0; i < string.length(); i++) {
            char unit = string.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean pair = Character.isHighSurrogate(unit) && i + 1 < string.length()
                        && Character.isLowSurrogate(string.charAt(i + 1));
                if (!pair) {
                    // An escape such as "\ud83d" alone can be read, but never be written as UTF-8.
                    throw invalid("a lone surrogate in a string");
                }
                i++;
            }
        }
        return string;
    }

    /** Passes over the current value, strings in it checked and its depth bounded. */
    static void skip(JsonParser parser) throws IOException {
        int depth = 0;
        do {
            JsonToken token = parser.currentToken();
            if (token == null) {
                throw invalid("the JSON ends inside a value");
            }
            if (token.isStructStart() && ++depth > MAX_DEPTH) {
                throw invalid("nested deeper than " + MAX_DEPTH);
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
                string(parser);
            }
            if (depth > 0) {
                parser.nextToken();
            }
        } while (depth > 0);
    }

    static RejectedDocumentException invalid(String cause) {
        return new RejectedDocumentException(Reason.INVALID_JSON, cause);
    }

    /** What is read from a parser that stands on a value's first token and must be left on its last. */
    interface Reading<T> {
        T read(JsonParser parser) throws IOException;
    }
}
