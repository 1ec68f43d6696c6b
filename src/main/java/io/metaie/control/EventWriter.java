package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.control.Event.AdaptationCompleted;
import io.metaie.control.Event.AdaptationFailed;
import io.metaie.control.Event.AdaptationProgress;
import io.metaie.control.Event.AdaptationStarted;
import io.metaie.control.Event.AdapterActivated;
import io.metaie.control.Event.AdapterIncompatible;
import io.metaie.control.Event.BeforeAfter;
import io.metaie.control.Event.CommandRejected;
import io.metaie.control.Event.EvaluationCompleted;
import io.metaie.control.Event.Gate;
import io.metaie.control.Event.TaskDefined;
import io.metaie.control.Event.TaskDeleted;
import io.metaie.dataset.ScoresJson;
import io.metaie.kafka.RecordSizes;
import io.metaie.task.TaskStateJson;
import io.metaie.text.Excerpt;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Makes the records of events. */
final class EventWriter {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ObjectReader JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build().reader();
    private static final int SHORTENED = 1_000;

    private final String topic;
    private final int maxBytes;
    private final String instance;

    /**
     * @param topic where events go
     * @param maxBytes the largest record that topic takes
     * @param instance who writes them
     */
    EventWriter(String topic, int maxBytes, String instance) {
        this.topic = topic;
        this.maxBytes = maxBytes;
        this.instance = instance;
    }

    /** The record of an event; always one that the topic takes: what a rejection repeats is shortened if need be. */
    ProducerRecord<byte[], byte[]> record(Event event, Instant time) {
        ProducerRecord<byte[], byte[]> record = record(event, time, false);
        return RecordSizes.upperBound(record) <= maxBytes ? record : record(event, time, true);
    }

    private ProducerRecord<byte[], byte[]> record(Event event, Instant time, boolean shortened) {
        byte[] key = event.about().task().map(task -> task.getBytes(UTF_8)).orElse(null);
        return new ProducerRecord<>(topic, null, key, json(event, time, shortened).getBytes(UTF_8),
                List.of(new RecordHeader("content-type", "application/json".getBytes(UTF_8))));
    }

    private String json(Event event, Instant time, boolean shortened) {
        // Through characters, not bytes: the generator of bytes has split surrogate pairs at its buffer's edge.
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("type", type(event));
            json.writeStringField("task", event.about().task().orElse(null));
            if (event.about().commandId().isPresent()) {
                json.writeStringField("commandId", event.about().commandId().get());
            }
            json.writeStringField("time", time.toString());
            json.writeStringField("instance", instance);
            write(event, json, shortened);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /** The event's type as the contract names it. */
    static String type(Event event) {
        String name = event.getClass().getSimpleName();
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(java.util.Locale.ROOT);
    }

    private static void write(Event event, JsonGenerator json, boolean shortened) throws IOException {
        if (event instanceof TaskDefined defined) {
            json.writeFieldName("labels");
            json.writeRawValue(TaskStateJson.labels(defined.labels()).toString());
        } else if (event instanceof AdaptationStarted started) {
            json.writeNumberField("version", started.version());
            json.writeNumberField("sentences", started.sentences());
            json.writeNumberField("spans", started.spans());
            json.writeNumberField("skipped", started.skipped());
            json.writeArrayFieldStart("warnings");
            for (String warning : started.warnings()) {
                json.writeString(warning);
            }
            json.writeEndArray();
        } else if (event instanceof AdaptationProgress progress) {
            json.writeNumberField("version", progress.version());
            json.writeNumberField("epoch", progress.epoch());
            json.writeNumberField("epochs", progress.epochs());
            number("loss", progress.loss(), json);
        } else if (event instanceof AdaptationCompleted completed) {
            write(completed, json);
        } else if (event instanceof AdaptationFailed failed) {
            json.writeNumberField("version", failed.version());
            json.writeStringField("reason", failed.reason());
        } else if (event instanceof AdapterActivated activated) {
            json.writeNumberField("version", activated.version());
            json.writeNumberField("previous", activated.previous());
            json.writeStringField("reason", activated.reason());
        } else if (event instanceof AdapterIncompatible incompatible) {
            json.writeNumberField("version", incompatible.version());
            json.writeStringField("reason", incompatible.reason());
        } else if (event instanceof EvaluationCompleted evaluated) {
            json.writeNumberField("version", evaluated.version());
            ScoresJson.writeFields(evaluated.scores(), json);
        } else if (event instanceof CommandRejected rejected) {
            json.writeStringField("reason", rejected.reason());
            json.writeFieldName("command");
            writeCommand(rejected.command(), json, shortened);
        } else if (!(event instanceof TaskDeleted)) {
            throw new IllegalArgumentException("an event that nobody writes: " + event);
        }
    }

    private static void write(AdaptationCompleted completed, JsonGenerator json) throws IOException {
        json.writeNumberField("version", completed.version());
        json.writeStringField("model", completed.model());
        if (completed.f1().isPresent()) {
            Gate gate = completed.f1().get();
            json.writeObjectFieldStart("f1");
            write(gate.total(), json);
            json.writeObjectFieldStart("labels");
            for (Map.Entry<String, BeforeAfter> label : gate.labels().entrySet()) {
                json.writeObjectFieldStart(label.getKey());
                write(label.getValue(), json);
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeNumberField("sentences", gate.sentences());
            json.writeEndObject();
        } else {
            json.writeNullField("f1");
        }
        number("seconds", completed.seconds(), json);
        json.writeBooleanField("activated", completed.activated());
        json.writeStringField("reason", completed.reason());
    }

    private static void write(BeforeAfter f1, JsonGenerator json) throws IOException {
        number("before", f1.before(), json);
        number("after", f1.after(), json);
    }

    /** A number is finite or null: JSON knows no other. */
    private static void number(String name, double value, JsonGenerator json) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    /** The command as it came: as JSON if it is JSON that can be written again, else as text. */
    private static void writeCommand(Optional<byte[]> command, JsonGenerator json, boolean shortened) throws IOException {
        if (command.isEmpty()) {
            json.writeNull();
            return;
        }
        if (!shortened) {
            Optional<JsonNode> object = object(command.get());
            if (object.isPresent()) {
                json.writeRawValue(object.get().toString());
                return;
            }
        }
        String text = new String(command.get(), UTF_8);
        json.writeString(Excerpt.of(text, SHORTENED, SHORTENED));
    }

    private static Optional<JsonNode> object(byte[] command) {
        try {
            return Optional.of(JSON.readTree(command)).filter(JsonNode::isObject)
                    .filter(object -> TaskNames.isWellFormed(object.toString()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
