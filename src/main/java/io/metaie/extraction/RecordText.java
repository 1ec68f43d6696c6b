package io.metaie.extraction;

import io.metaie.record.InboundRecord;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A record's value as text.
 *
 * @param text what it says; JSON without a byte order mark
 * @param isJson whether it is to be read as JSON: its content type says so, or says nothing and it is a JSON object
 * @param fallbackId the record's key, else its place
 */
record RecordText(String text, boolean isJson, String fallbackId) {

    /**
     * Reads a record's value.
     *
     * @throws RejectedDocumentException when there is none, or it is too large or no UTF-8
     */
    static RecordText of(InboundRecord record, int maxBytes) {
        byte[] value = record.value().filter(bytes -> bytes.length > 0)
                .orElseThrow(() -> new RejectedDocumentException(Reason.EMPTY_RECORD, "the record has no value"));
        if (value.length > maxBytes) {
            throw new RejectedDocumentException(Reason.TOO_LARGE,
                    "the document has " + value.length + " bytes, at most " + maxBytes + " are allowed");
        }
        ContentType type = ContentType.of(record.contentType());
        if (!type.isUtf8()) {
            throw new RejectedDocumentException(Reason.INVALID_UTF8,
                    "the content type names the charset " + type.charset().orElse("") + ", only UTF-8 is read");
        }
        String source = decode(value)
                .orElseThrow(() -> new RejectedDocumentException(Reason.INVALID_UTF8, "the value is not valid UTF-8"));
        String json = source.startsWith("\uFEFF") ? source.substring(1) : source;
        String fallbackId = record.key().filter(key -> key.length > 0).flatMap(RecordText::decode)
                .orElse(record.place());
        boolean isJson = switch (type.format()) {
            case JSON -> true;
            case TEXT -> false;
            case UNKNOWN -> JsonValues.isObject(json);
        };
        return new RecordText(isJson ? json : source, isJson, fallbackId);
    }

    private static Optional<String> decode(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
