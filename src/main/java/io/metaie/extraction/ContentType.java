package io.metaie.extraction;

import java.util.Locale;
import java.util.Optional;

/**
 * How a record's value is to be read, from its {@code content-type} header: media type and charset, RFC 9110 §8.3.
 * Parameters other than the charset, and case, do not matter.
 *
 * @param format what the media type says
 * @param charset the charset named, lower case
 */
record ContentType(Format format, Optional<String> charset) {

    enum Format {
        JSON,
        TEXT,
        /** No header, or a media type that says nothing: a JSON object is a document, all else is text. */
        UNKNOWN
    }

    static ContentType of(Optional<String> header) {
        if (header.isEmpty()) {
            return new ContentType(Format.UNKNOWN, Optional.empty());
        }
        String[] parts = header.get().toLowerCase(Locale.ROOT).split(";", -1);
        String type = parts[0].strip();
        Format format = type.equals("application/json") || type.endsWith("+json") ? Format.JSON
                : type.equals("text/plain") ? Format.TEXT
                : Format.UNKNOWN;
        Optional<String> charset = Optional.empty();
        for (int i = 1; i < parts.length; i++) {
            String[] parameter = parts[i].split("=", 2);
            if (parameter.length == 2 && parameter[0].strip().equals("charset")) {
                charset = Optional.of(parameter[1].strip().replaceAll("^[\"']|[\"']$", ""));
            }
        }
        return new ContentType(format, charset);
    }

    boolean isUtf8() {
        return charset.map(name -> name.equals("utf-8") || name.equals("utf8")).orElse(true);
    }
}
