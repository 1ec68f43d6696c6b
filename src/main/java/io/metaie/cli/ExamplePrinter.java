package io.metaie.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;

/** Prints labelled sentences: the sentence, then its spans. */
final class ExamplePrinter extends JsonRecordPrinter {

    ExamplePrinter(Terminal terminal) {
        super(terminal);
    }

    @Override
    void print(JsonNode example, PrintStream out) {
        String sentence = example.path("text").asText();
        out.println(Terminal.printable(sentence) + dim("  " + text(example, "source")));
        for (JsonNode span : example.path("spans")) {
            String label = text(span, "label");
            out.println("  " + terminal.coloured(label, label) + "  "
                    + Terminal.printable(slice(sentence, span.path("start").asInt(), span.path("end").asInt())));
        }
    }

    private static String slice(String text, int start, int end) {
        int length = text.codePointCount(0, text.length());
        return start < 0 || end > length || start > end ? "?"
                : text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end));
    }
}
