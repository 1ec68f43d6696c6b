package io.metaie.cli;

import io.metaie.extraction.DocumentReader;
import io.metaie.extraction.Extraction;
import io.metaie.extraction.ExtractionReader;
import io.metaie.extraction.ExtractionRequest;
import io.metaie.kafka.DeadLetters;
import io.metaie.kafka.Topics;
import io.metaie.record.InboundRecord;
import io.metaie.task.Tasks;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;

/** Publishes the sample documents and prints what comes back, in their order. */
final class DemoDocuments {

    private static final String RESOURCE = "demo.jsonl";
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Terminal terminal;
    private final KafkaConnection kafka;
    private final ReadableExtraction readable;

    DemoDocuments(Terminal terminal, KafkaConnection kafka) {
        this.terminal = terminal;
        this.kafka = kafka;
        this.readable = new ReadableExtraction(terminal);
    }

    /**
     * Sends them and shows the answers.
     *
     * @throws CommandException when Kafka or the service does not answer
     */
    void show() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String documents = kafka.topics().documents();
        String letters = Topics.deadLetters(documents);
        List<TopicPartition> partitions = new ArrayList<>(kafka.partitions(kafka.topics().spans(), PATIENCE));
        partitions.addAll(kafka.partitions(letters, PATIENCE));
        List<Sample> samples = samples();
        try (Consumer<byte[], byte[]> consumer = kafka.clients().consumer("metaie-demo", KafkaConnection.READER)) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            send(samples, documents);
            Map<String, ConsumerRecord<byte[], byte[]>> answers = new HashMap<>();
            int shown = 0;
            while (shown < samples.size()) {
                if (System.nanoTime() > deadline) {
                    throw new CommandException("the service has not answered for " + PATIENCE.toSeconds() + " s");
                }
                consumer.poll(POLL).forEach(record -> answers.put(text(record.key()), record));
                while (shown < samples.size() && answers.containsKey(samples.get(shown).id())) {
                    show(samples.get(shown), answers.get(samples.get(shown).id()), letters);
                    shown++;
                }
            }
        } catch (InterruptException e) {
            throw (InterruptedException) new InterruptedException().initCause(e);
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    private void send(List<Sample> samples, String topic) {
        DocumentLine lines = new DocumentLine(topic, Optional.empty(), Optional.empty());
        try (Producer<byte[], byte[]> producer = kafka.clients().producer("metaie-demo", Map.of())) {
            samples.forEach(sample -> producer.send(lines.record(sample.json)));
            producer.flush();
        }
    }

    private void show(Sample sample, ConsumerRecord<byte[], byte[]> answer, String letters) {
        if (answer.topic().equals(letters)) {
            Header cause = answer.headers().lastHeader(DeadLetters.CAUSE);
            terminal.message("metaie: " + sample.id() + " became a dead letter: " + text(cause.value()));
            return;
        }
        Extraction extraction = ExtractionReader.fromJson(text(answer.value()));
        readable.print(sample.request.document().text(), extraction, sample.request.labels());
        terminal.out().flush();
    }

    /** A sample as it is published and as it is read. */
    record Sample(byte[] json, ExtractionRequest request) {

        String id() {
            return request.document().id();
        }
    }

    static List<Sample> samples() {
        DocumentReader reader = new DocumentReader(Tasks.NONE, Integer.MAX_VALUE);
        try (InputStream resource = DemoDocuments.class.getResourceAsStream(RESOURCE)) {
            List<Sample> samples = new ArrayList<>();
            ByteLines lines = new ByteLines(resource);
            for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
                InboundRecord record = new InboundRecord(RESOURCE, 0, 0, 0, Optional.empty(), line, Optional.empty());
                samples.add(new Sample(line.get(), reader.read(record)));
            }
            return samples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
