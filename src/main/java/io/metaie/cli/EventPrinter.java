package io.metaie.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.cli.Terminal.Style;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.math.MathContext;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Prints events: when, what, of which task, and whatever else the event says; scores as far as they differ by eye. */
final class EventPrinter extends JsonRecordPrinter {

    private static final Set<String> IN_FRONT = Set.of("time", "type", "task");
    /** What somebody knows who follows a command of their own. */
    private static final Set<String> OWN = Set.of("commandId", "instance");
    private static final Pattern FRACTION_OF_A_SECOND = Pattern.compile("\\.\\d+(?=Z$)");

    private final Set<String> hidden = new HashSet<>(IN_FRONT);

    /** @param own whether all events are of one command, of whoever reads them */
    EventPrinter(Terminal terminal, boolean own) {
        super(terminal);
        if (own) {
            hidden.addAll(OWN);
        }
    }

    @Override
    void print(JsonNode event, PrintStream out) {
        String time = FRACTION_OF_A_SECOND.matcher(text(event, "time")).replaceFirst("");
        StringBuilder line = new StringBuilder(dim(time)).append("  ");
        String type = text(event, "type");
        boolean bad = type.endsWith("failed") || type.endsWith("rejected") || type.endsWith("incompatible");
        line.append(terminal.styled(type, Style.BOLD, bad ? Style.RED : Style.GREEN));
        line.append("  ").append(text(event, "task"));
        event.properties().stream().filter(field -> !hidden.contains(field.getKey())).forEach(field ->
                line.append("  ").append(dim(Terminal.printable(field.getKey()) + "=")).append(value(field.getValue())));
        out.println(line);
    }

    private static String value(JsonNode value) {
        return Terminal.printable(value.isTextual() ? value.textValue() : rounded(value).toString());
    }

    /** The same with numbers of four digits. */
    private static JsonNode rounded(JsonNode value) {
        if (value.isFloatingPointNumber()) {
            return DoubleNode.valueOf(value.decimalValue().round(new MathContext(4)).doubleValue());
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.forEach(one -> array.add(rounded(one)));
            return array;
        }
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.properties().forEach(field -> object.set(field.getKey(), rounded(field.getValue())));
            return object;
        }
        return value;
    }
}
