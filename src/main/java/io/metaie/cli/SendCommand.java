package io.metaie.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.metaie.extraction.LabelsJson;
import io.metaie.files.TextFile;
import io.metaie.files.TextFiles;
import io.metaie.record.RejectedDocumentException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code send}: documents of a file onto a topic, one a line. */
@Command(
        name = "send",
        description = {
            "Publishes documents, one a line.",
            "A line that is a JSON object goes as application/json, another as text/plain; blank lines are passed over."
        },
        mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {

    private static final int SHOWN_FAILURES = 20;
    private static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.LINGER_MS_CONFIG, 10,
            ProducerConfig.BATCH_SIZE_CONFIG, 1 << 17,
            ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--topic", paramLabel = "T", description = "The topic; by default that of the documents.")
    private Optional<String> topic = Optional.empty();

    @Option(names = "--task", paramLabel = "NAME", description = "The task of documents that name none.")
    private Optional<String> task = Optional.empty();

    @Option(
            names = "--labels",
            paramLabel = "\"A,B\"",
            description = "Labels of documents that bring none: names between commas, or a JSON array.")
    private Optional<String> labels = Optional.empty();

    @Parameters(paramLabel = "FILE|-", description = "The file (.zst, .xz and .gz are unpacked), or - for standard input.")
    private String file;

    SendCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Optional<ArrayNode> checked = checkedLabels();
        KafkaConnection kafka = KafkaConnection.open();
        String to = topic.orElseGet(kafka.topics()::documents);
        DocumentLine lines = new DocumentLine(to, task, checked);
        Terminal.Progress progress = terminal.progress("documents");
        Failures failures = new Failures();
        try (TextFile text = open(); progress) {
            kafka.partitions(to);
            try (Producer<byte[], byte[]> producer = kafka.clients().producer("metaie-send", PRODUCER)) {
                send(text, lines, producer, progress, failures);
            }
        }
        return report(kafka, to, progress, failures);
    }

    private Optional<ArrayNode> checkedLabels() {
        try {
            labels.ifPresent(LabelsJson::parse);
            return labels.map(DocumentLine::labels);
        } catch (RejectedDocumentException e) {
            throw new ParameterException(spec.commandLine(), "--labels: " + e.getMessage(), e);
        }
    }

    private TextFile open() {
        try {
            return TextFiles.open(file, terminal.in());
        } catch (IOException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private static void send(TextFile text, DocumentLine lines, Producer<byte[], byte[]> producer,
            Terminal.Progress progress, Failures failures) throws IOException {
        ByteLines source = new ByteLines(text.content());
        long sent = 0;
        for (Optional<byte[]> line = source.next(); line.isPresent() && !failures.hopeless(); line = source.next()) {
            if (DocumentLine.isBlank(line.get())) {
                continue;
            }
            ProducerRecord<byte[], byte[]> record = lines.record(line.get());
            long number = source.number();
            producer.send(record, (metadata, failure) -> failures.add(number, failure));
            progress.update(++sent, text.fraction());
        }
    }

    private int report(KafkaConnection kafka, String to, Terminal.Progress progress, Failures failures) {
        failures.messages().forEach(terminal::message);
        String sent = progress.summary() + " to " + to + " on " + kafka.address();
        if (failures.count() == 0) {
            terminal.message("sent " + sent);
            return 0;
        }
        terminal.message(failures.count() + " of " + sent + " could not be sent");
        return 1;
    }

    /** What could not be sent; filled by the producer's thread. */
    private static final class Failures {

        private final List<String> shown = new ArrayList<>();
        private final AtomicLong count = new AtomicLong();
        private volatile boolean hopeless;

        void add(long line, Exception failure) {
            if (failure == null) {
                return;
            }
            // The producer has already tried again for as long as it may: the brokers are gone.
            hopeless |= failure instanceof RetriableException;
            if (count.incrementAndGet() <= SHOWN_FAILURES) {
                synchronized (shown) {
                    shown.add("line " + line + ": " + failure.getMessage());
                }
            }
        }

        boolean hopeless() {
            return hopeless;
        }

        long count() {
            return count.get();
        }

        List<String> messages() {
            synchronized (shown) {
                return Arrays.asList(shown.toArray(String[]::new));
            }
        }
    }
}
