package io.metaie.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.cli.Terminal.Style;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Prints records whose value is a JSON object, for people; any other value is shown as it is. */
abstract class JsonRecordPrinter implements RecordPrinter {

    private static final JsonMapper JSON = new JsonMapper();

    final Terminal terminal;

    JsonRecordPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public final void print(ConsumerRecord<byte[], byte[]> record, PrintStream out) {
        Optional<JsonNode> object = object(record.value());
        if (object.isPresent()) {
            print(object.get(), out);
        } else {
            out.println(dim("not JSON:") + " " + Terminal.printable(
                    record.value() == null ? "null" : new String(record.value(), StandardCharsets.UTF_8)));
        }
    }

    /** Prints what the object says. */
    abstract void print(JsonNode object, PrintStream out);

    private static Optional<JsonNode> object(byte[] value) {
        try {
            return value == null ? Optional.empty() : Optional.of(JSON.readTree(value)).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A field as text that is safe to show; empty when it is absent. */
    static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return Terminal.printable(value.isValueNode() ? value.asText() : value.isMissingNode() ? "" : value.toString());
    }

    String dim(String text) {
        return terminal.styled(text, Style.DIM);
    }

    /** The text with blanks behind it, up to a width in code points. */
    static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
    }

    static String score(JsonNode span) {
        return span.has("score") ? String.format(Locale.ROOT, "%.2f", span.path("score").asDouble()) : "";
    }
}
