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
    private static final int MAX_COMMAND_ID = 256;

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
        return new Fields(json).read();
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

    /** The fields of one command. */
    private static final class Fields {

        private final JsonNode json;
        private final About about;

        Fields(JsonNode json) {
            this.json = json;
            // A rejection repeats what it can of a command, whatever else is wrong with it.
            this.about = new About(
                    Optional.of(json.path("task")).filter(JsonNode::isTextual).map(JsonNode::textValue)
                            .filter(task -> TaskNames.fault(task).isEmpty()),
                    Optional.of(json.path("commandId")).filter(JsonNode::isTextual).map(JsonNode::textValue)
                            .filter(id -> idFault(id).isEmpty()));
        }

        Command read() throws InvalidCommandException {
            if (!json.path("type").isTextual()) {
                throw fault("\"type\" is missing or no string: it must be one of define-task, delete-task, adapt, activate,"
                        + " evaluate");
            }
            String type = json.path("type").textValue();
            Optional<String> id = commandId();
            return switch (type) {
                case "define-task" -> new DefineTask(task(), id, labels(), threshold(), truth(json, "exclusive"));
                case "delete-task" -> new DeleteTask(task(), id);
                case "adapt" -> new Adapt(task(), id, learn(), options());
                case "activate" -> new Activate(task(), id, version()
                        .orElseThrow(() -> fault("\"version\" is missing: 0 is the meta-model itself")));
                case "evaluate" -> new Evaluate(task(), id, version(), examples());
                default -> throw fault("unknown type \"" + shortened(type)
                        + "\": it must be one of define-task, delete-task, adapt, activate, evaluate");
            };
        }

        private String task() throws InvalidCommandException {
            JsonNode task = json.path("task");
            if (!task.isTextual()) {
                throw fault(task.isMissingNode() || task.isNull() ? "\"task\" is missing" : "\"task\" is no string");
            }
            Optional<String> fault = TaskNames.fault(task.textValue());
            if (fault.isPresent()) {
                throw fault("\"task\" " + fault.get());
            }
            return task.textValue();
        }

        private Optional<String> commandId() throws InvalidCommandException {
            JsonNode id = json.path("commandId");
            if (isAbsent(id)) {
                return Optional.empty();
            }
            if (!id.isTextual()) {
                throw fault("\"commandId\" is no string");
            }
            Optional<String> fault = idFault(id.textValue());
            if (fault.isPresent()) {
                throw fault("\"commandId\" " + fault.get());
            }
            return Optional.of(id.textValue());
        }

        private static Optional<String> idFault(String id) {
            if (id.isEmpty() || id.codePointCount(0, id.length()) > MAX_COMMAND_ID) {
                return Optional.of("must have 1 to " + MAX_COMMAND_ID + " characters");
            }
            return TaskNames.isWellFormed(id) ? Optional.empty() : Optional.of("holds a lone surrogate");
        }

        private LabelSet labels() throws InvalidCommandException {
            JsonNode labels = json.path("labels");
            if (isAbsent(labels) || labels.isArray() && labels.isEmpty()) {
                throw fault("\"labels\" is missing or empty");
            }
            if (!labels.isArray()) {
                throw fault("\"labels\" is no array");
            }
            try {
                return LabelsJson.parse(labels.toString());
            } catch (RejectedDocumentException e) {
                throw fault(e.getMessage());
            }
        }

        private double threshold() throws InvalidCommandException {
            JsonNode threshold = json.path("threshold");
            if (isAbsent(threshold)) {
                return 0;
            }
            double value = threshold.doubleValue();
            if (!threshold.isNumber() || !(value >= 0 && value <= 1)) {
                throw fault("\"threshold\" must be a number from 0 to 1, not " + shortened(threshold.toString()));
            }
            return value;
        }

        private OptionalInt version() throws InvalidCommandException {
            JsonNode version = json.path("version");
            if (isAbsent(version)) {
                return OptionalInt.empty();
            }
            if (!version.isIntegralNumber() || !version.canConvertToInt() || version.intValue() < 0) {
                throw fault("\"version\" must be a whole number from 0, not " + shortened(version.toString()));
            }
            return OptionalInt.of(version.intValue());
        }

        private List<JsonNode> examples() throws InvalidCommandException {
            JsonNode examples = json.path("examples");
            if (!examples.isArray() || examples.isEmpty()) {
                throw fault("\"examples\" is missing, empty or no array");
            }
            List<JsonNode> all = new ArrayList<>();
            examples.forEach(all::add);
            return all;
        }

        private Learn learn() throws InvalidCommandException {
            JsonNode from = json.path("from");
            if (isAbsent(from)) {
                return new Learn.Examples(examples());
            }
            if (!from.isTextual() || !from.textValue().equals("distilled")) {
                throw fault("\"from\" can only be \"distilled\"; examples stand in \"examples\"");
            }
            if (!isAbsent(json.path("examples"))) {
                throw fault("either \"examples\" or \"from\", not both");
            }
            Map<String, String> labels = new LinkedHashMap<>();
            JsonNode given = json.path("labels");
            if (!isAbsent(given) && !given.isObject()) {
                throw fault("\"labels\" is no object from the teacher's labels to the task's");
            }
            for (Map.Entry<String, JsonNode> label : given.properties()) {
                if (!label.getValue().isTextual()) {
                    throw fault("\"labels\": \"" + shortened(label.getKey()) + "\" must be given a label's name");
                }
                labels.put(label.getKey(), label.getValue().textValue());
            }
            JsonNode limit = json.path("limit");
            return new Learn.Distilled(labels,
                    isAbsent(limit) ? OptionalInt.empty() : OptionalInt.of(Options.whole(this, "limit", limit, 1, Integer.MAX_VALUE)),
                    since());
        }

        private Optional<Instant> since() throws InvalidCommandException {
            JsonNode since = json.path("since");
            if (isAbsent(since)) {
                return Optional.empty();
            }
            try {
                return Optional.of(Instant.parse(since.asText()));
            } catch (DateTimeParseException e) {
                throw fault("\"since\" must be a time as 2026-01-31T12:00:00Z, not " + shortened(since.toString()));
            }
        }

        private AdaptOptions options() throws InvalidCommandException {
            JsonNode options = json.path("options");
            if (!isAbsent(options) && !options.isObject()) {
                throw fault("\"options\" is no object");
            }
            return new Options(this, options).read();
        }

        boolean truth(JsonNode object, String field) throws InvalidCommandException {
            JsonNode value = object.path(field);
            if (!isAbsent(value) && !value.isBoolean()) {
                throw fault("\"" + field + "\" must be true or false");
            }
            return value.asBoolean(false);
        }

        InvalidCommandException fault(String reason) {
            return new InvalidCommandException(reason, about);
        }
    }

    /** The options of an adaptation. */
    private record Options(Fields command, JsonNode json) {

        private static final java.util.Set<String> KNOWN =
                java.util.Set.of("epochs", "learningRate", "rank", "seed", "holdout", "activate", "skipInvalid");

        AdaptOptions read() throws InvalidCommandException {
            for (Map.Entry<String, JsonNode> option : json.properties()) {
                if (!KNOWN.contains(option.getKey())) {
                    throw command.fault("unknown option \"" + shortened(option.getKey())
                            + "\": there are epochs, learningRate, rank, seed, holdout, activate, skipInvalid");
                }
            }
            return new AdaptOptions(
                    given("epochs") ? OptionalInt.of(whole("epochs", 1, AdaptOptions.MAX_EPOCHS)) : OptionalInt.empty(),
                    given("learningRate")
                            ? java.util.OptionalDouble.of(number("learningRate", Double.MIN_VALUE, AdaptOptions.MAX_LEARNING_RATE))
                            : java.util.OptionalDouble.empty(),
                    given("rank") ? OptionalInt.of(whole("rank", 1, AdaptOptions.MAX_RANK)) : OptionalInt.empty(),
                    given("seed")
                            ? java.util.OptionalLong.of(whole("seed", 0, Integer.MAX_VALUE))
                            : java.util.OptionalLong.empty(),
                    given("holdout")
                            ? java.util.OptionalDouble.of(number("holdout", 0, Math.nextDown(1.0)))
                            : java.util.OptionalDouble.empty(),
                    activate(),
                    command.truth(json, "skipInvalid"));
        }

        private boolean given(String option) {
            return !isAbsent(json.path(option));
        }

        private AdaptOptions.Activation activate() throws InvalidCommandException {
            if (!given("activate")) {
                return AdaptOptions.Activation.IF_BETTER;
            }
            JsonNode value = json.path("activate");
            return Optional.of(value).filter(JsonNode::isTextual).flatMap(v -> AdaptOptions.Activation.of(v.textValue()))
                    .orElseThrow(() -> command.fault("\"activate\" must be \"if-better\", \"always\" or \"never\", not "
                            + shortened(value.toString())));
        }

        private int whole(String option, int least, int most) throws InvalidCommandException {
            return whole(command, option, json.path(option), least, most);
        }

        static int whole(Fields command, String field, JsonNode value, int least, int most) throws InvalidCommandException {
            if (!value.isIntegralNumber() || !value.canConvertToInt()
                    || value.intValue() < least || value.intValue() > most) {
                throw command.fault("\"" + field + "\" must be a whole number from " + least + " to " + most + ", not "
                        + shortened(value.toString()));
            }
            return value.intValue();
        }

        private double number(String option, double least, double most) throws InvalidCommandException {
            JsonNode value = json.path(option);
            double number = value.doubleValue();
            if (!value.isNumber() || !(number >= least && number <= most)) {
                String range = least > 0
                        ? "above 0, " + (long) most + " at most" : "from 0 to below 1";
                throw command.fault("\"" + option + "\" must be a number " + range + ", not " + shortened(value.toString()));
            }
            return number;
        }
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= 60 ? text : text.substring(0, text.offsetByCodePoints(0, 40)) + "…";
    }
}
