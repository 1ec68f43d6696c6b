package io.metaie.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.metaie.control.Command.Import;
import io.metaie.text.Excerpt;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** The fields of a command, or of an object in it. One that is null counts as one that is not there. */
final class CommandFields {

    /** What a command may be, for messages. */
    static final String TYPES = "define-task, delete-task, adapt, activate, evaluate, import";

    private static final int MAX_COMMAND_ID = 256;

    private final JsonNode json;
    private final About about;
    private final Optional<String> upload;

    /** The fields of a command. A rejection repeats what it can of it, whatever else is wrong with it. */
    CommandFields(JsonNode json) {
        this(json, new About(
                text(json, "task").filter(task -> TaskNames.fault(task).isEmpty()),
                text(json, "commandId").filter(id -> idFault(id).isEmpty())),
                text(json, "upload").filter(id -> text(json, "type").equals(Optional.of("import"))
                        && Import.UPLOAD.matcher(id).matches()));
    }

    private CommandFields(JsonNode json, About about, Optional<String> upload) {
        this.json = json;
        this.about = about;
        this.upload = upload;
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.ofNullable(json.path(field).textValue());
    }

    /** A field as it is written; empty if it is not there. */
    Optional<JsonNode> get(String field) {
        JsonNode value = json.path(field);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    String type() throws InvalidCommandException {
        return text(json, "type").orElseThrow(() -> fault("\"type\" is missing or no string: it must be one of " + TYPES));
    }

    String task() throws InvalidCommandException {
        Optional<JsonNode> task = get("task");
        if (task.isEmpty() || !task.get().isTextual()) {
            throw fault(task.isEmpty() ? "\"task\" is missing" : "\"task\" is no string");
        }
        String name = task.get().textValue();
        Optional<String> fault = TaskNames.fault(name);
        if (fault.isPresent()) {
            throw fault("\"task\" " + fault.get());
        }
        return name;
    }

    Optional<String> commandId() throws InvalidCommandException {
        Optional<JsonNode> id = get("commandId");
        if (id.isPresent() && !id.get().isTextual()) {
            throw fault("\"commandId\" is no string");
        }
        Optional<String> text = id.map(JsonNode::textValue);
        Optional<String> fault = text.flatMap(CommandFields::idFault);
        if (fault.isPresent()) {
            throw fault("\"commandId\" " + fault.get());
        }
        return text;
    }

    private static Optional<String> idFault(String id) {
        if (id.isEmpty() || id.codePointCount(0, id.length()) > MAX_COMMAND_ID) {
            return Optional.of("must have 1 to " + MAX_COMMAND_ID + " characters");
        }
        return TaskNames.isWellFormed(id) ? Optional.empty() : Optional.of("holds a lone surrogate");
    }

    /** The fields of an object in this one; none if it is not there. */
    CommandFields object(String field) throws InvalidCommandException {
        JsonNode object = get(field).orElse(MissingNode.getInstance());
        if (!object.isMissingNode() && !object.isObject()) {
            throw fault("\"" + field + "\" is no object");
        }
        return new CommandFields(object, about, upload);
    }

    /** Makes sure that there is nothing else: an option misspelt would silently be another command. */
    void only(Set<String> known, String listed) throws InvalidCommandException {
        for (var option : json.properties()) {
            if (!known.contains(option.getKey())) {
                throw fault("unknown option \"" + shortened(option.getKey()) + "\": there are " + listed);
            }
        }
    }

    OptionalInt whole(String field, int least, int most) throws InvalidCommandException {
        Optional<JsonNode> value = get(field);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        JsonNode number = value.get();
        if (!number.isIntegralNumber() || !number.canConvertToInt() || number.intValue() < least
                || number.intValue() > most) {
            throw fault("\"" + field + "\" must be a whole number from " + least
                    + (most == Integer.MAX_VALUE ? "" : " to " + most) + ", not " + shortened(number.toString()));
        }
        return OptionalInt.of(number.intValue());
    }

    /** @param range how the bounds, both of them allowed, are told */
    OptionalDouble number(String field, double least, double most, String range) throws InvalidCommandException {
        Optional<JsonNode> value = get(field);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        double number = value.get().doubleValue();
        if (!value.get().isNumber() || !(number >= least && number <= most)) {
            throw fault("\"" + field + "\" must be a number " + range + ", not " + shortened(value.get().toString()));
        }
        return OptionalDouble.of(number);
    }

    /** False if it is not there. */
    boolean truth(String field) throws InvalidCommandException {
        Optional<JsonNode> value = get(field);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw fault("\"" + field + "\" must be true or false");
        }
        return value.isPresent() && value.get().booleanValue();
    }

    /** A string of a certain form, which must be there. */
    String matching(String field, Pattern form) throws InvalidCommandException {
        return get(field).map(JsonNode::textValue).filter(text -> form.matcher(text).matches())
                .orElseThrow(() -> fault("\"" + field + "\" must be a string of the form " + form));
    }

    InvalidCommandException fault(String reason) {
        return new InvalidCommandException(reason, about, upload);
    }

    /** As much of a text as a message needs. */
    static String shortened(String text) {
        return Excerpt.of(text, 60, 40);
    }
}
