package io.metaie.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.metaie.label.InvalidLabelsException;
import io.metaie.label.Label;
import io.metaie.label.LabelSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tasks as the state topic holds them and as programs are shown them. */
public final class TaskStateJson {

    private static final JsonMapper JSON = new JsonMapper();

    private TaskStateJson() {}

    /** Labels as documents write them: the name alone where nothing else needs saying. */
    public static ArrayNode labels(LabelSet labels) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Label label : labels.labels()) {
            if (label.of().isEmpty()) {
                array.add(label.name());
            } else {
                array.addObject().put("name", label.name()).put("of", label.of().get()).put("prompt", label.prompt());
            }
        }
        return array;
    }

    /**
     * What programs are shown: {@code {"task", "labels", "threshold", "exclusive", "active", "versions": [{"version", "f1",
     * "before"?: {"f1", "sentences"}, "created"}]}}.
     */
    public static ObjectNode shown(TaskState task) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("task", task.name());
        json.set("labels", labels(task.labels()));
        json.put("threshold", task.threshold());
        json.put("exclusive", task.exclusive());
        json.put("active", task.active());
        ArrayNode versions = json.putArray("versions");
        task.versions().all().forEach(version -> version(versions.addObject(), version));
        return json;
    }

    /** The record's value. */
    public static byte[] write(TaskState task) {
        ObjectNode json = shown(task);
        for (int i = 0; i < task.versions().all().size(); i++) {
            TaskVersion version = task.versions().all().get(i);
            ((ObjectNode) json.path("versions").path(i))
                    .put("model", version.model()).put("parts", version.parts()).put("sha256", version.sha256());
        }
        json.put("lastVersion", task.versions().last());
        ArrayNode jobs = json.putArray("jobs");
        for (Job job : task.jobs()) {
            ObjectNode one = jobs.addObject();
            one.put("kind", job.kind().name());
            job.commandId().ifPresent(id -> one.put("commandId", id));
            one.put("place", job.place().toString());
            one.put("version", job.version());
        }
        task.commandIds().forEach(json.putArray("commandIds")::add);
        // Through characters, not bytes: the generator of bytes has split surrogate pairs at its buffer's edge.
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What a tombstone remembers, as the value of its header. */
    public static byte[] write(DeletedTask task) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("lastVersion", task.lastVersion());
        task.commandIds().forEach(json.putArray("commandIds")::add);
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what a tombstone remembers.
     *
     * @throws IllegalArgumentException when it is not that
     */
    public static DeletedTask readDeleted(byte[] header) {
        try {
            JsonNode json = JSON.readTree(header);
            return new DeletedTask(required(json, "lastVersion").asInt(), texts(required(json, "commandIds")));
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    private static void version(ObjectNode json, TaskVersion version) {
        json.put("version", version.number());
        version.f1().ifPresentOrElse(f1 -> json.put("f1", f1), () -> json.putNull("f1"));
        version.before().ifPresent(before ->
                json.putObject("before").put("f1", before.f1()).put("sentences", before.sentences()));
        json.put("created", version.created().toString());
    }

    /**
     * Reads a record's value. Fields it does not know are ignored.
     *
     * @throws IllegalArgumentException when it is not a task
     */
    public static TaskState read(byte[] value) {
        try {
            return task(JSON.readTree(value));
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        } catch (InvalidLabelsException | DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static TaskState task(JsonNode json) {
        List<Label> labels = new ArrayList<>();
        required(json, "labels").forEach(label -> labels.add(label(label)));
        List<TaskVersion> versions = new ArrayList<>();
        for (JsonNode version : required(json, "versions")) {
            versions.add(new TaskVersion(
                    required(version, "version").asInt(),
                    required(version, "model").asText(),
                    version.path("f1").isNumber() ? Optional.of(version.path("f1").asDouble()) : Optional.empty(),
                    before(version.path("before")),
                    Instant.parse(required(version, "created").asText()),
                    required(version, "parts").asInt(),
                    required(version, "sha256").asText()));
        }
        List<Job> jobs = new ArrayList<>();
        for (JsonNode job : required(json, "jobs")) {
            jobs.add(new Job(
                    Job.Kind.valueOf(required(job, "kind").asText()),
                    text(job, "commandId"),
                    ControlPlace.parse(required(job, "place").asText()),
                    required(job, "version").asInt()));
        }
        return new TaskState(
                required(json, "task").asText(),
                LabelSet.of(labels),
                required(json, "threshold").asDouble(),
                required(json, "exclusive").asBoolean(),
                new TaskState.Versions(versions, required(json, "lastVersion").asInt(), required(json, "active").asInt()),
                jobs,
                texts(required(json, "commandIds")));
    }

    private static Optional<TaskVersion.Before> before(JsonNode json) {
        return json.isObject()
                ? Optional.of(new TaskVersion.Before(required(json, "f1").asDouble(), required(json, "sentences").asInt()))
                : Optional.empty();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Label label(JsonNode json) {
        if (json.isTextual()) {
            return Label.named(json.asText());
        }
        return new Label(required(json, "name").asText(), text(json, "of"), required(json, "prompt").asText());
    }

    private static Optional<String> text(JsonNode json, String field) {
        return json.hasNonNull(field) ? Optional.of(json.get(field).asText()) : Optional.empty();
    }

    private static JsonNode required(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw new IllegalArgumentException("a task without \"" + field + "\"");
        }
        return value;
    }
}
