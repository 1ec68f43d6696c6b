package io.metaie.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.cli.Terminal.Style;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/** Prints extractions: a line for the document, one for each span, one for each warning. */
final class ExtractionPrinter extends JsonRecordPrinter {

    private static final int WIDEST_LABEL = 24;

    ExtractionPrinter(Terminal terminal) {
        super(terminal);
    }

    @Override
    void print(JsonNode extraction, PrintStream out) {
        JsonNode spans = extraction.path("spans");
        out.println(terminal.styled(text(extraction, "documentId"), Style.BOLD)
                + dim(heading(extraction, spans.size())));
        Map<String, String> texts = new HashMap<>();
        int width = 0;
        for (JsonNode span : spans) {
            String label = text(span, "label");
            width = Math.min(WIDEST_LABEL, Math.max(width, label.codePointCount(0, label.length())));
            texts.put(span.path("id").asText(), text(span, "text"));
        }
        for (JsonNode span : spans) {
            String label = text(span, "label");
            String head = span.has("of") ? dim(" of ") + texts.getOrDefault(span.path("of").asText(), "?") : "";
            out.println("  " + terminal.coloured(padded(label, width), label) + "  " + text(span, "text") + head
                    + dim("  " + text(span, "start") + "–" + text(span, "end") + "  " + score(span)));
        }
        extraction.path("warnings").forEach(warning -> out.println(
                "  " + terminal.styled("! " + Terminal.printable(warning.asText(warning.toString())), Style.YELLOW)));
    }

    private static String heading(JsonNode extraction, int spans) {
        StringBuilder heading = new StringBuilder("  ");
        String adapter = text(extraction, "adapter");
        String by = adapter.isEmpty() ? text(extraction, "task") : adapter;
        heading.append(by).append(by.isEmpty() ? "" : "  ");
        heading.append(spans).append(spans == 1 ? " span" : " spans");
        return heading.append(extraction.path("truncated").asBoolean() ? ", truncated" : "").toString();
    }
}
