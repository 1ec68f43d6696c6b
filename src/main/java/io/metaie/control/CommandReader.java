package io.metaie.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.control.Command.Activate;
import io.metaie.control.Command.Adapt;
import io.metaie.control.Command.DefineTask;
import io.metaie.control.Command.DeleteTask;
import io.metaie.control.Command.Evaluate;
import io.metaie.control.Command.Import;
import io.metaie.control.Command.Learn;
import io.metaie.extraction.LabelsJson;
import io.metaie.label.LabelSet;
import io.metaie.record.RejectedDocumentException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads commands. Whatever the bytes are, the result is a command or a reason that a person understands. Fields it does
 * not know are ignored, as in documents; options it does not know are not, because an option misspelt would silently
 * be another command.
 */
public final class CommandReader {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private final int maxBytes;

    /** @param maxBytes longer commands are refused */
    public CommandReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Reads a command.
     *
     * @param value the record's value, if it has one
     * @throws InvalidCommandException when it is not one
     */
    public Command read(Optional<byte[]> value) throws InvalidCommandException {
        byte[] bytes = value.filter(given -> given.length > 0)
                .orElseThrow(() -> invalid("the record has no value"));
        if (bytes.length > maxBytes) {
            throw invalid("the command has " + bytes.length + " bytes, at most " + maxBytes + " are allowed");
        }
        JsonNode json = json(text(bytes));
        if (!json.isObject()) {
            throw invalid("the command is not a JSON object");
        }
        return read(new CommandFields(json));
    }

    private static String text(byte[] bytes) throws InvalidCommandException {
        try {
            String text = StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw invalid("the command is not valid UTF-8");
        }
    }

    private static JsonNode json(String text) throws InvalidCommandException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw invalid("the command is not JSON: " + e.getOriginalMessage());
        }
    }

    private static InvalidCommandException invalid(String reason) {
        return new InvalidCommandException(reason, new About(Optional.empty(), Optional.empty()));
    }

    private static Command read(CommandFields fields) throws InvalidCommandException {
        String type = fields.type();
        Optional<String> id = fields.commandId();
        return switch (type) {
            case "define-task" -> new DefineTask(
                    fields.task(), id, labels(fields), fields.number("threshold", 0, 1, "from 0 to 1").orElse(0),
                    fields.truth("exclusive"));
            case "delete-task" -> new DeleteTask(fields.task(), id);
            case "adapt" -> new Adapt(fields.task(), id, learn(fields), AdaptOptionsReader.read(fields.object("options")));
            case "activate" -> new Activate(fields.task(), id, version(fields)
                    .orElseThrow(() -> fields.fault("\"version\" is missing: 0 is the meta-model itself")));
            case "evaluate" -> new Evaluate(fields.task(), id, version(fields), examples(fields));
            case "import" -> new Import(fields.task(), id, fields.matching("upload", Import.UPLOAD),
                    fields.whole("parts", 1, Import.MAX_PARTS).orElseThrow(() -> fields.fault("\"parts\" is missing")),
                    fields.matching("sha256", Import.SHA256), AdaptOptionsReader.activate(fields, Import.CHOICES));
            default -> throw fields.fault("unknown type \"" + CommandFields.shortened(type) + "\": it must be one of "
                    + CommandFields.TYPES);
        };
    }

    private static LabelSet labels(CommandFields fields) throws InvalidCommandException {
        JsonNode labels = fields.get("labels").filter(given -> !(given.isArray() && given.isEmpty()))
                .orElseThrow(() -> fields.fault("\"labels\" is missing or empty"));
        if (!labels.isArray()) {
            throw fields.fault("\"labels\" is no array");
        }
        try {
            return LabelsJson.parse(labels.toString());
        } catch (RejectedDocumentException e) {
            throw fields.fault(e.getMessage());
        }
    }

    private static OptionalInt version(CommandFields fields) throws InvalidCommandException {
        return fields.whole("version", 0, Integer.MAX_VALUE);
    }

    private static List<JsonNode> examples(CommandFields fields) throws InvalidCommandException {
        JsonNode examples = fields.get("examples").filter(given -> given.isArray() && !given.isEmpty())
                .orElseThrow(() -> fields.fault("\"examples\" is missing, empty or no array"));
        List<JsonNode> all = new ArrayList<>();
        examples.forEach(all::add);
        return all;
    }

    private static Learn learn(CommandFields fields) throws InvalidCommandException {
        Optional<JsonNode> from = fields.get("from");
        if (from.isEmpty()) {
            return new Learn.Examples(examples(fields));
        }
        if (!"distilled".equals(from.get().textValue())) {
            throw fields.fault("\"from\" can only be \"distilled\"; examples stand in \"examples\"");
        }
        if (fields.get("examples").isPresent()) {
            throw fields.fault("either \"examples\" or \"from\", not both");
        }
        return new Learn.Distilled(names(fields), fields.whole("limit", 1, CollectedExamples.MOST), since(fields));
    }

    /** The task's label for each of the teacher's. */
    private static Map<String, String> names(CommandFields fields) throws InvalidCommandException {
        Map<String, String> names = new LinkedHashMap<>();
        Optional<JsonNode> given = fields.get("labels");
        if (given.isPresent() && !given.get().isObject()) {
            throw fields.fault("\"labels\" is no object from the teacher's labels to the task's");
        }
        for (Map.Entry<String, JsonNode> label : given.map(JsonNode::properties).orElse(java.util.Set.of())) {
            if (!label.getValue().isTextual()) {
                throw fields.fault("\"labels\": \"" + CommandFields.shortened(label.getKey())
                        + "\" must be given a label's name");
            }
            names.put(label.getKey(), label.getValue().textValue());
        }
        return names;
    }

    private static Optional<Instant> since(CommandFields fields) throws InvalidCommandException {
        Optional<JsonNode> since = fields.get("since");
        try {
            return since.map(given -> Instant.parse(given.asText()));
        } catch (DateTimeParseException e) {
            throw fields.fault("\"since\" must be a time as 2026-01-31T12:00:00Z, not "
                    + CommandFields.shortened(since.orElseThrow().toString()));
        }
    }
}
