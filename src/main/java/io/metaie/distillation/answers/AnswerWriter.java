package io.metaie.distillation.answers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.Backoff;
import io.metaie.record.InfrastructureException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;

/**
 * Writes to the topic of the answers, on a thread of its own, so that nobody else waits for brokers. What was paid for is
 * tried until it is written: an answer that is lost would be paid again, and money that is not written down could be spent
 * once more.
 */
final class AnswerWriter implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AnswerWriter.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration AT_THE_END = Duration.ofSeconds(5);
    /** Everything goes to this one: its order is the one in which money is set aside. */
    static final int PARTITION = 0;

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final String topic;
    private final Duration firstPause;
    private final AtomicInteger unwritten = new AtomicInteger();
    private final LongAdder tries = new LongAdder();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "metaie-answers-write");
        thread.setDaemon(true);
        return thread;
    });
    /** The thread's own. */
    private Producer<byte[], byte[]> producer;

    /**
     * @param producers opens one; another when the last one cannot go on
     * @param firstPause before the second try; twice as long before each that follows
     */
    AnswerWriter(Supplier<Producer<byte[], byte[]>> producers, String topic, Duration firstPause) {
        this.producers = producers;
        this.topic = topic;
        this.firstPause = firstPause;
        this.producer = producers.get();
    }

    /** One entry on its way. */
    private final class Entry {

        private final ProducerRecord<byte[], byte[]> record;
        private final boolean again;
        private final Backoff pause = new Backoff(firstPause, LONGEST_PAUSE);
        private final CompletableFuture<Void> written = new CompletableFuture<>();

        Entry(String key, Optional<String> value, boolean again) {
            this.record = new ProducerRecord<>(topic, PARTITION, key.getBytes(UTF_8),
                    value.map(text -> text.getBytes(UTF_8)).orElse(null));
            this.again = again;
        }

        CompletableFuture<Void> begin() {
            unwritten.incrementAndGet();
            written.whenComplete((done, failure) -> {
                if (failure == null || !again) {
                    unwritten.decrementAndGet();
                }
            });
            attempt(0);
            return written;
        }

        private void attempt(long millis) {
            try {
                thread.schedule(this::send, millis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                written.completeExceptionally(new InfrastructureException("stopping", e));
            }
        }

        private void send() {
            tries.increment();
            Producer<byte[], byte[]> with = producer;
            try {
                with.send(record, (metadata, failure) -> {
                    if (failure == null) {
                        then(() -> written.complete(null));
                    } else {
                        failed(with, failure);
                    }
                });
            } catch (RuntimeException e) {
                failed(with, e);
            }
        }

        private void failed(Producer<byte[], byte[]> with, Exception failure) {
            if (!(failure instanceof RetriableException) && !(failure instanceof RecordTooLargeException)) {
                renew(with);
            }
            if (!again || failure instanceof RecordTooLargeException) {
                then(() -> written.completeExceptionally(
                        new InfrastructureException("the answers cannot be written: " + failure.getMessage(), failure)));
                return;
            }
            long millis = pause.next();
            LOG.warnf("An entry of %s cannot be written (%s); next try in %d ms", topic, failure.getMessage(), millis);
            attempt(millis);
        }
    }

    /** How often something was tried to be written. */
    long tries() {
        return tries.sum();
    }

    /** Runs what follows from something read or written, off the threads of Kafka's clients. */
    void then(Runnable what) {
        try {
            thread.execute(what);
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopping", e);
            what.run();
        }
    }

    /** Writes once. Whoever asked decides what its failure means; it may have been written all the same. */
    CompletableFuture<Void> writeOnce(String key, String value) {
        return new Entry(key, Optional.of(value), false).begin();
    }

    /**
     * Writes, however long that takes.
     *
     * @param value none for a tombstone
     * @return fails with a {@link RecordTooLargeException} as cause when the topic does not take it, and at the stop
     */
    CompletableFuture<Void> write(String key, Optional<String> value) {
        return new Entry(key, value, true).begin();
    }

    /** A producer that failed for good never sends again. */
    private void renew(Producer<byte[], byte[]> failed) {
        try {
            thread.execute(() -> {
                if (producer == failed) {
                    failed.close(Duration.ZERO);
                    producer = producers.get();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopping", e);
        }
    }

    /** Gives what is on its way a moment. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(AT_THE_END.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(AT_THE_END);
        if (unwritten.get() > 0) {
            LOG.warnf("%d entries of %s were not written before the stop: answers among them will be paid again, and what was"
                    + " set aside for them stays set aside", unwritten.get(), topic);
        }
    }
}
