package io.metaie.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Makes dead letters: a record that could not be read, its key, value and headers untouched, and behind them, as
 * headers, why and where it came from. A letter that was sent again and failed again carries both accounts; the last
 * header of a name is the newest.
 *
 * <p>Of a record that is answered sentence by sentence each sentence has a letter of its own, which names it. Together
 * they are no larger than what the topic takes as one record, however many they are: those that come too late for that
 * leave the value out, and the last one before them, of the same reason, names their sentences too. So whoever sends
 * back every letter that has its value asks about each of these sentences once, and about no other.
 */
public final class DeadLetters {

    public static final String REASON = "metaie.reason";
    public static final String CAUSE = "metaie.cause";
    public static final String TOPIC = "metaie.topic";
    public static final String PARTITION = "metaie.partition";
    public static final String OFFSET = "metaie.offset";
    public static final String TIMESTAMP = "metaie.timestamp";
    /** How many bytes the value had that was left out, because the dead-letter topic does not take it. */
    public static final String VALUE_OMITTED = "metaie.value-omitted";
    /** How many headers were left out, because without the value they were still too much. */
    public static final String HEADERS_OMITTED = "metaie.headers-omitted";
    /** How many bytes the key had that was left out, because without value and headers it was still too much. */
    public static final String KEY_OMITTED = "metaie.key-omitted";

    /** The numbers of the sentences, from 1, that a letter is about, or that a record asks about: {@code 3,7}. */
    public static final String SENTENCES = "metaie.sentences";

    private static final int MAX_CAUSE_CHARS = 1_000;
    /** A longer key is no name, and left out with the value. */
    private static final int SHORT_KEY = 1_000;
    private static final int MAX_NUMBER_DIGITS = 9;

    private final String topic;
    private final int maxBytes;

    /**
     * @param topic where the letters go
     * @param maxBytes the largest record that topic takes
     */
    public DeadLetters(String topic, int maxBytes) {
        this.topic = topic;
        this.maxBytes = maxBytes;
    }

    /** The largest record the topic takes. */
    public int maxBytes() {
        return maxBytes;
    }

    /** What is wrong with one sentence of a record. */
    public record Fault(int sentence, String reason, String cause) {}

    /** The letter for a record; always one that the topic takes, whatever has to be left out. */
    public ProducerRecord<byte[], byte[]> letter(ConsumerRecord<byte[], byte[]> record, String reason, String cause) {
        return whole(record, account(record, reason, cause));
    }

    /** The letters for sentences of a record, one each. */
    public List<ProducerRecord<byte[], byte[]>> letters(ConsumerRecord<byte[], byte[]> record, List<Fault> faults) {
        Map<String, List<Fault>> reasons = faults.stream()
                .collect(Collectors.groupingBy(Fault::reason, LinkedHashMap::new, Collectors.toList()));
        List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>(faults.size());
        for (List<Fault> same : reasons.values()) {
            int bytes = RecordSizes.upperBound(letter(record, same.get(0).reason(), same.get(0).cause()));
            int whole = Math.max(1, maxBytes / bytes / reasons.size());
            for (int i = 0; i < same.size(); i++) {
                Headers account = account(record, same.get(i).reason(), same.get(i).cause());
                List<Fault> named = same.subList(i, i == whole - 1 ? same.size() : i + 1);
                add(account, SENTENCES, named.stream().map(fault -> String.valueOf(fault.sentence())).collect(Collectors.joining(",")));
                letters.add(i < whole ? whole(record, account) : bare(record, account));
            }
        }
        return letters;
    }

    /** The sentences that a header of {@link #SENTENCES} names; what is no number is passed over. */
    public static Set<Integer> parts(Optional<String> header) {
        Set<Integer> parts = new HashSet<>();
        for (String number : header.orElse("").split(",")) {
            if (number.length() <= MAX_NUMBER_DIGITS && number.matches("[0-9]+")) {
                parts.add(Integer.valueOf(number));
            }
        }
        return parts;
    }

    /** Leaves out what stands in another letter of the record. */
    private ProducerRecord<byte[], byte[]> bare(ConsumerRecord<byte[], byte[]> record, Headers account) {
        boolean named = length(record.key()) <= SHORT_KEY;
        add(account, VALUE_OMITTED, length(record.value()));
        if (record.headers().toArray().length > 0) {
            add(account, HEADERS_OMITTED, record.headers().toArray().length);
        }
        if (!named) {
            add(account, KEY_OMITTED, length(record.key()));
        }
        return letter(named ? record.key() : null, null, new RecordHeaders(), account);
    }

    private ProducerRecord<byte[], byte[]> whole(ConsumerRecord<byte[], byte[]> record, Headers account) {
        byte[] key = record.key();
        ProducerRecord<byte[], byte[]> letter = letter(key, record.value(), record.headers(), account);
        if (!fits(letter)) {
            add(account, VALUE_OMITTED, length(record.value()));
            letter = letter(key, null, record.headers(), account);
        }
        if (!fits(letter)) {
            add(account, HEADERS_OMITTED, record.headers().toArray().length);
            letter = letter(key, null, new RecordHeaders(), account);
        }
        if (!fits(letter)) {
            add(account, KEY_OMITTED, length(key));
            letter = letter(null, null, new RecordHeaders(), account);
        }
        return letter;
    }

    private ProducerRecord<byte[], byte[]> letter(byte[] key, byte[] value, Headers original, Headers account) {
        Headers headers = new RecordHeaders(original);
        account.forEach(headers::add);
        return new ProducerRecord<>(topic, null, key, value, headers);
    }

    private static Headers account(ConsumerRecord<byte[], byte[]> record, String reason, String cause) {
        Headers headers = new RecordHeaders();
        add(headers, REASON, reason);
        add(headers, CAUSE, shortened(cause));
        add(headers, TOPIC, record.topic());
        add(headers, PARTITION, record.partition());
        add(headers, OFFSET, record.offset());
        add(headers, TIMESTAMP, record.timestamp());
        return headers;
    }

    private boolean fits(ProducerRecord<byte[], byte[]> letter) {
        return RecordSizes.upperBound(letter) <= maxBytes;
    }

    private static void add(Headers headers, String name, Object value) {
        headers.add(name, value.toString().getBytes(UTF_8));
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static String shortened(String cause) {
        if (cause.length() <= MAX_CAUSE_CHARS) {
            return cause;
        }
        int end = MAX_CAUSE_CHARS - 1;
        return cause.substring(0, Character.isHighSurrogate(cause.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
