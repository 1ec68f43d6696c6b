package io.metaie.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.KafkaClients;
import io.metaie.kafka.Topics;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Publishes documents when they are due, and reads what was committed of them, extractions and dead letters. Neither
 * waits for the other, and latency counts from when a document was due, so what makes the sender late, or the service
 * slow, is in it: a document that waits for others is not left out. Records of others on the same topics are passed over.
 */
final class OpenLoop {

    /** Answers that have not come so long after the last document was due are given up, and counted. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BEFORE_THE_FIRST = Duration.ofMillis(200);

    private final KafkaClients clients;
    private final Topics topics;

    OpenLoop(KafkaClients clients, Topics topics) {
        this.clients = clients;
        this.topics = topics;
    }

    /**
     * What became of a run.
     *
     * @param due documents that were to be sent
     * @param refused not taken by the broker
     * @param extracted answered by an extraction
     * @param deadLettered answered by a dead letter
     * @param repeated answers that came more than once
     * @param latestSendNanos how late the sender was at the worst: with the document's latency, it is in there
     * @param seconds from the first due to the last answer
     */
    record Result(int due, int refused, int extracted, int deadLettered, int repeated, long latestSendNanos, double seconds) {

        int unanswered() {
            return due - extracted - deadLettered;
        }
    }

    /** @param latencies hears of each answer how many nanoseconds after its document was due it was read */
    Result run(Arrivals arrivals, Documents documents, LongConsumer latencies) throws InterruptedException {
        try (Consumer<byte[], byte[]> reader = clients.consumer("load-reader",
                Map.of("isolation.level", "read_committed"))) {
            atTheEnd(reader);
            String run = UUID.randomUUID().toString().substring(0, 8) + "-";
            long start = System.nanoTime() + BEFORE_THE_FIRST.toNanos();
            Sender sender = new Sender(run, start, arrivals, documents);
            Thread thread = new Thread(sender, "sender");
            thread.start();
            Reading reading = new Reading(run, start, arrivals, latencies);
            long end = start + arrivals.lastNanos() + PATIENCE.toNanos();
            while (reading.answered.cardinality() + sender.refused.get() < arrivals.count() && System.nanoTime() < end) {
                reading.take(reader.poll(Duration.ofMillis(100)));
            }
            thread.join();
            return new Result(arrivals.count(), sender.refused.get(), reading.answered.cardinality() - reading.deadLettered,
                    reading.deadLettered, reading.repeated, sender.latest, (reading.lastNanos - start) / 1e9);
        }
    }

    private void atTheEnd(Consumer<byte[], byte[]> reader) {
        List<TopicPartition> partitions = Stream.of(topics.spans(), Topics.deadLetters(topics.documents()))
                .flatMap(topic -> reader.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        reader.assign(partitions);
        reader.seekToEnd(partitions);
        partitions.forEach(reader::position);
    }

    private final class Sender implements Runnable {

        private final String run;
        private final long start;
        private final Arrivals arrivals;
        private final Documents documents;
        private final AtomicInteger refused = new AtomicInteger();
        /** Read when the thread has ended. */
        private long latest;

        Sender(String run, long start, Arrivals arrivals, Documents documents) {
            this.run = run;
            this.start = start;
            this.arrivals = arrivals;
            this.documents = documents;
        }

        @Override
        public void run() {
            long startMillis = System.currentTimeMillis() + TimeUnit.NANOSECONDS.toMillis(start - System.nanoTime());
            try (Producer<byte[], byte[]> producer = clients.producer("load", Map.of("linger.ms", 5, "compression.type", "lz4"))) {
                for (int i = 0; i < arrivals.count(); i++) {
                    String id = run + i;
                    byte[] value = documents.form().json(id, i).getBytes(UTF_8);
                    long due = start + arrivals.dueNanos()[i];
                    while (System.nanoTime() < due) {
                        LockSupport.parkNanos(due - System.nanoTime());
                    }
                    latest = Math.max(latest, System.nanoTime() - due);
                    // The record's time is when it was due, so that the service's own latencies begin there, too.
                    long time = startMillis + TimeUnit.NANOSECONDS.toMillis(arrivals.dueNanos()[i]);
                    producer.send(new ProducerRecord<>(topics.documents(), null, time, id.getBytes(UTF_8), value), (at, e) -> {
                        if (e != null) {
                            refused.incrementAndGet();
                        }
                    });
                }
            }
        }
    }

    /** What came so far; of one thread. */
    private final class Reading {

        private final String run;
        private final long start;
        private final Arrivals arrivals;
        private final LongConsumer latencies;
        private final BitSet answered = new BitSet();
        private int deadLettered;
        private int repeated;
        private long lastNanos;

        Reading(String run, long start, Arrivals arrivals, LongConsumer latencies) {
            this.run = run;
            this.start = start;
            this.arrivals = arrivals;
            this.latencies = latencies;
            this.lastNanos = start;
        }

        void take(Iterable<ConsumerRecord<byte[], byte[]>> records) {
            long now = System.nanoTime();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                String key = record.key() == null ? "" : new String(record.key(), UTF_8);
                if (key.startsWith(run)) {
                    answer(Integer.parseInt(key.substring(run.length())), !record.topic().equals(topics.spans()), now);
                }
            }
        }

        private void answer(int i, boolean deadLetter, long now) {
            if (answered.get(i)) {
                repeated++;
                return;
            }
            answered.set(i);
            deadLettered += deadLetter ? 1 : 0;
            lastNanos = now;
            latencies.accept(Math.max(0, now - start - arrivals.dueNanos()[i]));
        }
    }
}
