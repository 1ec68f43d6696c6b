package io.metaie.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.DeadLetters;
import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;

/**
 * Holds the service to its promise: for each record written since this was made, exactly one extraction or one dead
 * letter that a read_committed reader sees, in input order within each output partition. Reads inputs and outputs
 * itself and counts; whatever the service may say of itself does not count.
 */
public final class ExactlyOnce implements AutoCloseable {

    public static final String DOCUMENTS = "metaie.documents";
    public static final String SPANS = "metaie.spans";
    public static final String DEAD_LETTERS = "metaie.documents.dead-letters";

    private final Consumer<byte[], byte[]> reader;
    private final Producer<byte[], byte[]> writer;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Map<String, ConsumerRecord<byte[], byte[]>> inputs = new LinkedHashMap<>();
    private final Map<String, List<ConsumerRecord<byte[], byte[]>>> answers = new HashMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> outputs = new ArrayList<>();
    private int sent;

    /** Begins at what the topics hold now; nothing may be in work. */
    public ExactlyOnce(String bootstrap) {
        KafkaClients clients = new KafkaClients(KafkaSettings.of(bootstrap));
        reader = clients.consumer("exactly-once-reader", Map.of("isolation.level", "read_committed"));
        writer = clients.producer("exactly-once-writer", Map.of("delivery.timeout.ms", 300_000));
        for (String topic : List.of(DOCUMENTS, SPANS, DEAD_LETTERS)) {
            // The service may still be making them.
            List<PartitionInfo> known = Awaitility.await(topic).until(() -> reader.partitionsFor(topic), list -> !list.isEmpty());
            known.forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
        }
        reader.assign(partitions);
        reader.seekToEnd(partitions);
        partitions.forEach(reader::position);
    }

    /** Writes a record to the documents; the future says where it stands. */
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        sent++;
        return writer.send(record);
    }

    /** Writes a JSON document with one label. */
    public void send(String id, String text) {
        String json = "{\"id\":\"" + id + "\",\"text\":\"" + text + "\",\"labels\":[\"Person\"]}";
        send(new ProducerRecord<>(DOCUMENTS, id.getBytes(UTF_8), json.getBytes(UTF_8)));
    }

    /** Writes numbered documents. */
    public void sendMany(int count, String prefix) {
        for (int i = 0; i < count; i++) {
            send(prefix + i, "Ada Lovelace met Charles Babbage in London, " + prefix + i + ".");
        }
        flush();
    }

    public void flush() {
        writer.flush();
    }

    /** How many records have been answered so far. */
    public int answered() {
        read(Duration.ofMillis(50));
        return answers.size();
    }

    /** Waits until some of them have been answered. */
    public void awaitAnswers(int count, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (answers.size() < count) {
            read(Duration.ofMillis(50));
            if (System.nanoTime() > deadline) {
                throw new AssertionError("after " + patience + " only " + answers.size() + " of " + count + " answers");
            }
        }
    }

    /**
     * Waits until every record written is answered, then holds the answers to the promise.
     *
     * @throws AssertionError when an answer is missing when the time is up, comes twice, or out of order
     */
    public void verify(Duration patience) {
        flush();
        long deadline = System.nanoTime() + patience.toNanos();
        while (inputs.size() < sent || answers.size() < inputs.size()) {
            read(Duration.ofMillis(100));
            if (System.nanoTime() > deadline) {
                throw new AssertionError("after " + patience + ": " + sent + " written, " + inputs.size() + " read, "
                        + answers.size() + " answered; missing " + missing());
            }
        }
        // A second answer would come from work that is not yet done: read on until nothing has come for a while.
        for (int quiet = 0; quiet < 10; ) {
            quiet = read(Duration.ofMillis(100)) == 0 ? quiet + 1 : 0;
        }
        answers.forEach((place, all) -> {
            if (!inputs.containsKey(place)) {
                throw new AssertionError("an answer to " + place + ", which nobody asked");
            }
            if (all.size() != 1) {
                throw new AssertionError(all.size() + " answers to " + place + ": " + all);
            }
        });
        verifyOrder();
    }

    /** The extractions, by the place of their record. */
    public Map<String, String> extractions() {
        Map<String, String> extractions = new TreeMap<>();
        outputs.stream().filter(r -> r.topic().equals(SPANS))
                .forEach(r -> extractions.put(place(r), new String(r.value(), UTF_8)));
        return extractions;
    }

    /** The dead letters, by the place of their record. */
    public Map<String, ConsumerRecord<byte[], byte[]>> deadLetters() {
        Map<String, ConsumerRecord<byte[], byte[]>> letters = new TreeMap<>();
        outputs.stream().filter(r -> r.topic().equals(DEAD_LETTERS)).forEach(r -> letters.put(place(r), r));
        return letters;
    }

    /** Why records were dead-lettered, as far as read: each reason with its cause once. */
    public List<String> deadLetterCauses() {
        return deadLetters().values().stream()
                .map(letter -> header(letter, DeadLetters.REASON).orElseThrow() + " "
                        + header(letter, DeadLetters.CAUSE).orElseThrow())
                .distinct()
                .toList();
    }

    /** Every answer, by the place of the record it answers. */
    public Map<String, ConsumerRecord<byte[], byte[]>> answers() {
        Map<String, ConsumerRecord<byte[], byte[]>> all = new HashMap<>();
        outputs.forEach(record -> all.put(place(record), record));
        return all;
    }

    /** The records written, by place, as the service reads them. */
    public Map<String, ConsumerRecord<byte[], byte[]>> inputs() {
        return inputs;
    }

    /** The last header of a name. */
    public static Optional<String> header(ConsumerRecord<?, ?> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, UTF_8));
    }

    @Override
    public void close() {
        reader.close();
        writer.close(Duration.ZERO);
    }

    private int read(Duration patience) {
        int answersRead = 0;
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(patience)) {
            if (record.topic().equals(DOCUMENTS)) {
                inputs.put(record.topic() + "-" + record.partition() + "-" + record.offset(), record);
            } else {
                outputs.add(record);
                answers.computeIfAbsent(place(record), key -> new ArrayList<>()).add(record);
                answersRead++;
            }
        }
        return answersRead;
    }

    private void verifyOrder() {
        Map<String, Long> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> output : outputs) {
            ConsumerRecord<byte[], byte[]> input = inputs.get(place(output));
            String way = input.partition() + " to " + output.topic() + "-" + output.partition();
            Long before = last.put(way, input.offset());
            if (before != null && before > input.offset()) {
                throw new AssertionError("partition " + way + ": " + input.offset() + " came after " + before);
            }
        }
    }

    private static String place(ConsumerRecord<byte[], byte[]> output) {
        return output.topic().equals(SPANS)
                ? header(output, "ce_id").orElseThrow()
                : header(output, DeadLetters.TOPIC).orElseThrow()
                        + "-" + header(output, DeadLetters.PARTITION).orElseThrow()
                        + "-" + header(output, DeadLetters.OFFSET).orElseThrow();
    }

    private List<String> missing() {
        TreeSet<String> missing = new TreeSet<>(inputs.keySet());
        missing.removeAll(answers.keySet());
        return missing.stream().limit(10).toList();
    }
}
