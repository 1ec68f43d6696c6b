package io.metaie.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.checkpoint.AdapterException;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.kafka.KafkaClients;
import io.metaie.task.Present;
import io.metaie.task.TaskVersion;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The adapters on their topic: knows where each part stands, and reads a version whole when it is asked for. */
public final class AdapterStore {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final KafkaClients clients;
    private final Present present = new Present();
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    private record Place(TopicPartition partition, long offset) {}

    public AdapterStore(KafkaClients clients) {
        this.clients = clients;
    }

    /** How it is found out what is on the topic now; whoever follows it says so once it has begun. */
    public void follows(Present.Source source) {
        present.open(source);
    }

    /** Waits, without a thread, until it is known where everything stands that is on the topic now. */
    public CompletableFuture<Void> present() {
        return present.get();
    }

    /** Notes where a part stands. */
    public void apply(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), UTF_8);
        if (record.value() == null) {
            places.remove(key);
        } else {
            places.put(key, new Place(new TopicPartition(record.topic(), record.partition()), record.offset()));
        }
    }

    /** Whether every part of a version is there. */
    public boolean isWhole(String task, TaskVersion version) {
        return places.keySet().containsAll(keys(task, version));
    }

    /** The keys of all parts that wait to be imported into a task, or were left behind. */
    public List<String> uploads(String task) {
        return places.keySet().stream().filter(key -> AdapterParts.isUpload(task, key)).sorted().toList();
    }

    private static List<String> keys(String task, TaskVersion version) {
        return AdapterParts.keys(AdapterParts.prefix(task, version.number()), version.parts());
    }

    /**
     * Reads a version.
     *
     * @throws AdapterException when a part is missing, or the whole is not what was written
     * @throws org.apache.kafka.common.KafkaException when the brokers do not answer
     */
    public AdapterFile read(String task, TaskVersion version) throws AdapterException {
        return AdapterFile.read(read(task + "@" + version.number(), keys(task, version), version.sha256()));
    }

    /**
     * Reads a file.
     *
     * @param name for messages
     * @param keys of its parts, in order
     * @param sha256 of the whole
     * @throws AdapterException when a part is missing, or the whole is not what was written
     * @throws org.apache.kafka.common.KafkaException when the brokers do not answer
     */
    public byte[] read(String name, List<String> keys, String sha256) throws AdapterException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (Consumer<byte[], byte[]> consumer = clients.consumer("metaie-adapter-store", KafkaClients.RECORD_BY_RECORD)) {
            for (String key : keys) {
                byte[] bytes = Optional.ofNullable(places.get(key)).flatMap(place -> read(consumer, place, key))
                        .orElseThrow(() -> new AdapterException("a part of adapter " + name + " is missing: " + key));
                file.writeBytes(bytes);
            }
        }
        byte[] bytes = file.toByteArray();
        if (!AdapterParts.sha256(bytes).equals(sha256)) {
            throw new AdapterException("adapter " + name + " is damaged: it is not what was written");
        }
        return bytes;
    }

    private static Optional<byte[]> read(Consumer<byte[], byte[]> consumer, Place place, String key) {
        consumer.assign(List.of(place.partition()));
        consumer.seek(place.partition(), place.offset());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                // Compacted away meanwhile: a newer record of this key is further on, and a newer place is known soon.
                boolean found = record.offset() == place.offset() && new String(record.key(), UTF_8).equals(key);
                return found ? Optional.ofNullable(record.value()) : Optional.empty();
            }
        }
        throw new TimeoutException("no answer about " + key + " within " + PATIENCE.toSeconds() + " s");
    }
}
