package io.metaie.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Makes dead letters: a record that could not be read, its key, value and headers untouched, and behind them, as
 * headers, why and where it came from. A letter that was sent again and failed again carries both accounts; the last
 * header of a name is the newest.
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

    private static final int MAX_CAUSE_CHARS = 1_000;

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

    /** The letter for a record; always one that the topic takes, whatever has to be left out. */
    public ProducerRecord<byte[], byte[]> letter(ConsumerRecord<byte[], byte[]> record, String reason, String cause) {
        byte[] key = record.key();
        Headers account = account(record, reason, cause);
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
