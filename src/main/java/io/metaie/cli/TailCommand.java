package io.metaie.cli;

import io.metaie.kafka.Topic;
import io.metaie.kafka.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code tail}: what comes out, as it comes. */
@Command(
        name = "tail",
        description = {
            "Prints committed records as they come.",
            "It ends when it is stopped, has seen enough, or the time is over."
        },
        mixinStandardHelpOptions = true)
final class TailCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(200);

    /** What to follow. */
    enum What {
        SPANS(Topic.SPANS),
        EVENTS(Topic.EVENTS),
        EXAMPLES(Topic.DISTILLATION_EXAMPLES),
        DEAD_LETTERS(Topic.DOCUMENTS_DEAD_LETTERS, Topic.DISTILLATION_REQUESTS_DEAD_LETTERS);

        private final List<Topic> topics;

        What(Topic... topics) {
            this.topics = List.of(topics);
        }

        List<String> in(Topics names) {
            return topics.stream().map(names::name).toList();
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    enum Format {
        TEXT,
        JSON
    }

    private static final class WhatConverter implements ITypeConverter<What> {

        @Override
        public What convert(String value) {
            for (What what : What.values()) {
                if (what.toString().equals(value)) {
                    return what;
                }
            }
            throw new TypeConversionException(
                    "expected one of spans, events, examples, dead-letters but was '" + value + "'");
        }
    }

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "spans|events|examples|dead-letters",
            converter = WhatConverter.class,
            defaultValue = "spans",
            description = "What to follow (default: spans).")
    private What what;

    @Option(names = "--topic", paramLabel = "T", description = "Another topic that carries it.")
    private Optional<String> topic = Optional.empty();

    @Option(names = "--from-start", description = "Begin with the oldest record there is, not with the next to come.")
    private boolean fromStart;

    @Option(names = "--max", paramLabel = "N", description = "Stop after so many records.")
    private Optional<Long> max = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Stop after this time; exit code 1 when --max records have not come by then.")
    private Optional<Double> timeout = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "text to be read (default), or json: the record's value; of a dead letter an object with topic,"
                    + " partition, offset, key, headers and value.")
    private Format format;

    TailCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (max.orElse(1L) < 1 || !(timeout.orElse(1.0) > 0)) {
            throw new ParameterException(spec.commandLine(), "--max and --timeout are greater than 0");
        }
        KafkaConnection kafka = KafkaConnection.open();
        List<TopicPartition> partitions = partitions(kafka);
        try (Consumer<byte[], byte[]> consumer = kafka.clients().consumer("metaie-tail", KafkaConnection.READER)) {
            consumer.assign(partitions);
            if (fromStart) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            partitions.forEach(consumer::position); // now, not at the first poll: what comes from here on is seen
            terminal.message("Following " + String.join(", ", partitions.stream().map(TopicPartition::topic).distinct()
                    .toList()) + " on " + kafka.address() + "; Ctrl-C ends it");
            return follow(consumer);
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    private List<TopicPartition> partitions(KafkaConnection kafka) {
        if (topic.isPresent()) {
            return kafka.partitions(topic.get());
        }
        List<String> names = what.in(kafka.topics());
        List<TopicPartition> all = new ArrayList<>(kafka.partitions(names.get(0)));
        try (Admin admin = kafka.admin()) {
            for (String more : names.subList(1, names.size())) {
                kafka.describe(admin, more).ifPresent(all::addAll);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
        return all;
    }

    private int follow(Consumer<byte[], byte[]> consumer) {
        PrintStream out = terminal.out();
        RecordPrinter printer = printer();
        long start = System.nanoTime();
        long seen = 0;
        while (timeout.isEmpty() || System.nanoTime() - start < timeout.get() * 1e9) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                print(printer, record, out);
                if (++seen == max.orElse(-1L)) {
                    return 0;
                }
            }
            out.flush();
            if (out.checkError()) {
                return 0; // nobody reads any more
            }
        }
        if (max.isPresent()) {
            terminal.message("metaie: the time is over after " + seen + " of " + max.get() + " records");
            return 1;
        }
        return 0;
    }

    private RecordPrinter printer() {
        boolean letters = what == What.DEAD_LETTERS;
        if (format == Format.JSON) {
            return letters ? DeadLetterPrinter.json() : RecordPrinter.value();
        }
        return switch (what) {
            case SPANS -> new ExtractionPrinter(terminal);
            case EVENTS -> new EventPrinter(terminal, false);
            case EXAMPLES -> new ExamplePrinter(terminal);
            case DEAD_LETTERS -> DeadLetterPrinter.text(terminal);
        };
    }

    private static void print(RecordPrinter printer, ConsumerRecord<byte[], byte[]> record, PrintStream out) {
        try {
            printer.print(record, out);
        } catch (IOException e) {
            throw new CommandException(record.topic() + "-" + record.partition() + "@" + record.offset() + ": "
                    + e.getMessage(), e);
        }
    }
}
