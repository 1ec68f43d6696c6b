package io.metaie.distillation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An answer that is JSON instead of lines, read as meant: {@code [{"label": …, "span": …}]}, {@code {"Person": ["Ada"]}},
 * the one inside the other, or strings that are lines. Of an answer that was cut, what is whole is read.
 */
final class AnswerJson {

    private static final ObjectReader JSON = new JsonMapper().reader();
    private static final Pattern BEGIN = Pattern.compile("^\\s*+(?:\\[\\s*+(?:[\\[{\"]|]\\s*+$|$)|\\{\\s*+(?:\"|}\\s*+$|$))");
    private static final List<String> LABEL_KEYS = List.of("label", "type", "entity_type", "category");
    private static final List<String> SPAN_KEYS = List.of("span", "text", "value", "entity", "mention");
    private static final List<String> SPANS_KEYS = List.of("spans", "texts", "values", "entities", "mentions");
    private static final int MAX_DEPTH = 8;

    private final List<Stated> stated = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private int unreadable;
    private boolean any;

    /** What the JSON says: a label and a span. */
    record Stated(String label, String span) {}

    private AnswerJson() {}

    /** Whether JSON begins with this line. */
    static boolean begins(String line) {
        return BEGIN.matcher(line).find();
    }

    /** The JSON that begins somewhere in these lines, if any does. */
    static Optional<AnswerJson> find(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (begins(lines.get(i))) {
                AnswerJson json = new AnswerJson();
                json.read(String.join("\n", lines.subList(i, lines.size())));
                return Optional.of(json);
            }
        }
        return Optional.empty();
    }

    List<Stated> stated() {
        return stated;
    }

    /** Strings that are to be read as lines. */
    List<String> lines() {
        return lines;
    }

    /** How many values could not be read, or say nothing. */
    int unreadable() {
        return unreadable;
    }

    /** Whether it is whole and holds nothing. */
    boolean isEmpty() {
        return !any && unreadable == 0;
    }

    private void read(String text) {
        try (JsonParser parser = JSON.getFactory().createParser(text)) {
            // One value, or one a line.
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        value(JSON.readTree(parser), 1);
                    }
                } else if (token == JsonToken.START_OBJECT) {
                    value(JSON.readTree(parser), 1);
                } else {
                    unreadable++;
                    return;
                }
            }
        } catch (IOException e) {
            unreadable++; // cut, or prose behind it: what was read so far was whole
        }
    }

    private void value(JsonNode node, int depth) {
        if (node == null || depth > MAX_DEPTH) {
            unreadable++;
        } else if (node.isTextual()) {
            any = true;
            lines.addAll(List.of(node.textValue().split("\\R")));
        } else if (node.isArray()) {
            node.forEach(element -> value(element, depth + 1));
        } else if (node.isObject()) {
            object(node, depth);
        } else {
            unreadable++;
        }
    }

    private void object(JsonNode object, int depth) {
        Optional<String> label = first(object, LABEL_KEYS);
        Optional<String> span = first(object, SPAN_KEYS);
        if (label.isPresent() && span.isPresent()) {
            state(label.get(), span.get());
            return;
        }
        if (label.isPresent()) {
            spans(object).forEach(one -> state(label.get(), one));
        }
        if (label.isPresent() || span.isPresent()) {
            unreadable += label.isPresent() && !spans(object).isEmpty() ? 0 : 1;
            return; // never a key as a label
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            if (value.isTextual()) {
                state(field.getKey(), value.textValue());
            } else if (value.isArray()) {
                for (JsonNode element : value) {
                    if (element.isTextual()) {
                        state(field.getKey(), element.textValue());
                    } else {
                        value(element, depth + 1);
                    }
                }
            } else {
                value(value, depth + 1);
            }
        }
    }

    private static List<String> spans(JsonNode object) {
        List<String> spans = new ArrayList<>();
        SPANS_KEYS.forEach(key -> object.path(key).forEach(element -> {
            if (element.isTextual()) {
                spans.add(element.textValue());
            }
        }));
        return spans;
    }

    private void state(String label, String span) {
        any = true;
        stated.add(new Stated(label, span));
    }

    private static Optional<String> first(JsonNode object, List<String> keys) {
        return keys.stream().map(object::path).filter(JsonNode::isTextual).map(JsonNode::textValue).findFirst();
    }
}
