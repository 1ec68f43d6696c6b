package io.metaie.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.cli.Terminal.Style;
import java.io.PrintStream;
import java.util.Set;

/** Prints events: when, what, of which task, and whatever else the event says. */
final class EventPrinter extends JsonRecordPrinter {

    private static final Set<String> IN_FRONT = Set.of("time", "type", "task");

    EventPrinter(Terminal terminal) {
        super(terminal);
    }

    @Override
    void print(JsonNode event, PrintStream out) {
        StringBuilder line = new StringBuilder(dim(text(event, "time"))).append("  ");
        String type = text(event, "type");
        boolean bad = type.endsWith("failed") || type.endsWith("rejected") || type.endsWith("incompatible");
        line.append(terminal.styled(type, Style.BOLD, bad ? Style.RED : Style.GREEN));
        line.append("  ").append(text(event, "task"));
        event.properties().stream().filter(field -> !IN_FRONT.contains(field.getKey())).forEach(field ->
                line.append("  ").append(dim(Terminal.printable(field.getKey()) + "=")).append(text(event, field.getKey())));
        out.println(line);
    }
}
