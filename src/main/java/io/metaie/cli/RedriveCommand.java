package io.metaie.cli;

import io.metaie.kafka.Topic;
import io.metaie.record.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code redrive}: dead letters back to where they came from. */
@Command(
        name = "redrive",
        description = {
            "Sends dead letters back to their input topic.",
            "They go as they first came, each once: what was sent back before is not sent again, for as long as the brokers"
                    + " keep the offsets of the groups metaie-redrive-<reason> (offsets.retention.minutes)."
        },
        mixinStandardHelpOptions = true)
final class RedriveCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--reason", paramLabel = "R", description = "Only letters with this metaie.reason.")
    private Optional<String> reason = Optional.empty();

    @Option(names = "--max", paramLabel = "N", description = "Stop after so many letters.")
    private Optional<Long> max = Optional.empty();

    RedriveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<String> reasons = Arrays.stream(Reason.values()).map(Reason::wireName).toList();
        if (reason.isPresent() && !reasons.contains(reason.get())) {
            throw new ParameterException(spec.commandLine(),
                    "'" + reason.get() + "' is no reason; the reasons are " + String.join(", ", reasons));
        }
        if (max.orElse(1L) < 1) {
            throw new ParameterException(spec.commandLine(), "--max is greater than 0");
        }
        KafkaConnection kafka = KafkaConnection.open();
        try {
            Redrive redrive = new Redrive(kafka, reason.map(List::of).orElse(reasons));
            report(redrive.run(letters(kafka), max.orElse(Long.MAX_VALUE)));
            return 0;
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    /** The partitions of the dead-letter topics; those of distillation are there only where it is used. */
    private static List<TopicPartition> letters(KafkaConnection kafka) throws InterruptedException {
        List<TopicPartition> partitions =
                new ArrayList<>(kafka.partitions(kafka.topics().name(Topic.DOCUMENTS_DEAD_LETTERS)));
        try (Admin admin = kafka.admin()) {
            kafka.describe(admin, kafka.topics().name(Topic.DISTILLATION_REQUESTS_DEAD_LETTERS))
                    .ifPresent(partitions::addAll);
        }
        return partitions;
    }

    private void report(Redrive.Result result) {
        String where = result.sent().entrySet().stream()
                .map(sent -> sent.getValue() + " to " + sent.getKey())
                .collect(Collectors.joining(", "));
        long total = result.sent().values().stream().mapToLong(Long::longValue).sum();
        terminal.out().println(total + (total == 1 ? " dead letter" : " dead letters") + " sent back"
                + (where.isEmpty() ? "" : ": " + where));
        result.skipped().forEach((why, count) -> terminal.message("passed over: " + count + " (" + why + ")"));
    }
}
