package io.metaie.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.adapter.AdapterParts;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** Publishes commands, and reads the events that are committed since this was made. */
public final class Control implements AutoCloseable {

    public static final String CONTROL = "metaie.control";
    public static final String EVENTS = "metaie.events";
    public static final String ADAPTERS = "metaie.adapters";

    /** What any command should have been answered in. */
    public static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final JsonMapper JSON = new JsonMapper();

    private final Consumer<byte[], byte[]> reader;
    private final Producer<byte[], byte[]> writer;
    private final List<JsonNode> events = new ArrayList<>();

    public Control(String bootstrap) {
        this(new KafkaClients(KafkaSettings.of(bootstrap)));
    }

    /** @param clients of the broker */
    public Control(KafkaClients clients) {
        reader = clients.consumer("control-reader", Map.of("isolation.level", "read_committed"));
        writer = clients.producer("control-writer", Map.of("delivery.timeout.ms", 300_000));
        TopicPartition partition = new TopicPartition(EVENTS, 0);
        reader.assign(List.of(partition));
        reader.seekToEnd(List.of(partition));
        reader.position(partition);
    }

    /** Makes the group that carries out commands forget where it was; nobody of it may be alive. */
    public static void forgetOffsets(String bootstrap) {
        try (Admin admin = new KafkaClients(KafkaSettings.of(bootstrap)).admin("forget", Map.of())) {
            // A killed member is static: the broker waits for it until its session is over.
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                admin.deleteConsumerGroups(List.of("metaie-control")).all().get();
                return true;
            });
        }
    }

    /** How often an event of this type was told of a command so far. */
    public long count(String type, String commandId) {
        return of(commandId).stream().filter(event -> event.path("type").asText().equals(type)).count();
    }

    /** Publishes a value, or, without one, a tombstone. */
    public void send(byte[] value) {
        writer.send(new ProducerRecord<>(CONTROL, value));
    }

    /** Publishes a command; quotes may be given as {@code '}. */
    public void send(String command) {
        send(command.replace('\'', '"').getBytes(UTF_8));
    }

    /** Defines a task, and waits until it is. */
    public JsonNode define(String task, String labels) {
        String id = UUID.randomUUID().toString();
        send("{'type':'define-task','task':'" + task + "','labels':" + labels + ",'commandId':'" + id + "'}");
        return await("task-defined", id, PATIENCE);
    }

    /**
     * Publishes an adapter and the command to import it, as the command line does.
     *
     * @param partBytes how large its parts are
     * @param activate {@code always} or {@code never}
     */
    public void importAdapter(String task, String id, byte[] file, int partBytes, String activate) {
        List<AdapterParts.Part> parts = AdapterParts.cut(AdapterParts.uploadPrefix(task, id), file, partBytes);
        parts.forEach(part -> writer.send(
                new ProducerRecord<>(ADAPTERS, part.key().getBytes(UTF_8), part.value().orElseThrow())));
        send("{'type':'import','task':'" + task + "','commandId':'" + id + "','upload':'" + id + "','parts':" + parts.size()
                + ",'sha256':'" + AdapterParts.sha256(file) + "','activate':'" + activate + "'}");
    }

    /** Writes to the adapters' topic, which else only the service does; without a value, a tombstone. */
    public void overwrite(String part, byte[] value) {
        writer.send(new ProducerRecord<>(ADAPTERS, part.getBytes(UTF_8), value));
        writer.flush();
    }

    public void flush() {
        writer.flush();
    }

    /** The first event, of all that came, that is of this type and command; waits for it. */
    public JsonNode await(String type, String commandId, Duration patience) {
        return await(event -> event.path("type").asText().equals(type)
                && event.path("commandId").asText().equals(commandId), type + " of " + commandId, patience);
    }

    /** The first event, of all that came, that is as wanted; waits for it. */
    public JsonNode await(Predicate<JsonNode> wanted, String described, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            for (JsonNode event : events) {
                if (wanted.test(event)) {
                    return event;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no " + described + " within " + patience + "; events: " + events);
            }
            read(Duration.ofMillis(100));
        }
    }

    /** All events of a command that came so far, in order. */
    public List<JsonNode> of(String commandId) {
        read(Duration.ZERO);
        return events.stream().filter(event -> event.path("commandId").asText().equals(commandId)).toList();
    }

    /** All events of a task that came so far, in order. */
    public List<JsonNode> all(String task) {
        read(Duration.ZERO);
        return events.stream().filter(event -> event.path("task").asText().equals(task)).toList();
    }

    private void read(Duration timeout) {
        reader.poll(timeout).forEach(record -> {
            try {
                events.add(JSON.readTree(record.value()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() {
        reader.close();
        writer.close();
    }
}
