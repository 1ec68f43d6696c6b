package io.metaie.distillation.answers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.distillation.KeptAnswer;
import io.metaie.distillation.Spending;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * What the topic of the answers says, record by record in its order: where each answer stands, about 100 bytes of memory
 * each, and what was spent or set aside.
 *
 * <p>Beside answers, under {@value #MONEY} and an id, stand amounts set aside for calls under way ({@code {"reserved",
 * "budget", "time"}}), and those spent on calls that brought no answer ({@code {"spent", "time"}}). Whoever reads the
 * topic decides in the same order whether there was room for an amount, so all decide the same; a tombstone releases it.
 * What an instance set aside that was killed stays set aside for the month: its calls may have been charged.
 */
final class AnswerIndex {

    /** What keys of amounts begin with; keys of answers are hexadecimal. */
    static final String MONEY = "money/";

    private static final Logger LOG = Logger.getLogger(AnswerIndex.class);
    private static final ObjectReader JSON = new JsonMapper().reader();

    private final Spending spending = new Spending();
    private final Map<Key, Place> places = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> applied = new HashMap<>();
    private final BiConsumer<String, Boolean> decided;

    /** Where an answer stands. */
    record Place(int partition, long offset) {}

    /** The first half of an answer's hash. */
    private record Key(long high, long low) {

        static Key of(String hash) {
            return new Key(Long.parseUnsignedLong(hash.substring(0, 16), 16), Long.parseUnsignedLong(hash.substring(16, 32), 16));
        }
    }

    /** @param decided is told of each id whether its amount was set aside */
    AnswerIndex(BiConsumer<String, Boolean> decided) {
        this.decided = decided;
    }

    Spending spending() {
        return spending;
    }

    int size() {
        return places.size();
    }

    Optional<Place> find(String key) {
        return Optional.ofNullable(places.get(Key.of(key)));
    }

    /** The answer of a record, if it is one. */
    static Optional<KeptAnswer> answer(byte[] value) {
        try {
            return KeptAnswer.read(JSON.readTree(value));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Takes the next record. */
    void apply(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() <= applied.getOrDefault(partition, -1L)) {
            return; // read again after a failure: an amount counts once
        }
        applied.put(partition, record.offset());
        String key = record.key() == null ? "" : new String(record.key(), UTF_8);
        try {
            if (key.startsWith(MONEY)) {
                money(key.substring(MONEY.length()), Optional.ofNullable(record.value()));
            } else if (record.value() != null) {
                KeptAnswer kept = answer(record.value()).orElseThrow(() -> new IOException("no answer"));
                Key hash = Key.of(key);
                spending.spend(kept.cost(), kept.time());
                places.put(hash, new Place(record.partition(), record.offset()));
            } else {
                places.remove(Key.of(key));
            }
        } catch (IOException | DateTimeException | NumberFormatException | IndexOutOfBoundsException e) {
            LOG.warnf("The record at %s-%d of the answers is passed over: %s", partition, record.offset(), e.getMessage());
        }
    }

    private void money(String id, Optional<byte[]> value) throws IOException {
        if (value.isEmpty()) {
            spending.release(id);
            return;
        }
        JsonNode json = JSON.readTree(value.get());
        Instant time = Instant.parse(json.path("time").asText());
        if (json.has("spent")) {
            spending.release(id);
            spending.spend(json.path("spent").doubleValue(), time);
        } else {
            decided.accept(id, spending.reserve(
                    id, json.path("reserved").doubleValue(), json.path("budget").doubleValue(), time));
        }
    }
}
