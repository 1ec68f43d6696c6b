package io.metaie.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What an adaptation learns from when no examples are given: those that were collected from a teacher. */
final class DistilledFlags {

    @Option(names = "--from", paramLabel = "distilled",
            description = "adapt: learn from the examples collected from a language model instead of --examples.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--map", paramLabel = "\"theirs=yours\"", split = ",",
            description = "with --from: the task's label for each of the model's; by default labels of the same name.")
    private Map<String, String> map = new LinkedHashMap<>();

    @Option(names = "--limit", paramLabel = "N", description = "with --from: the latest N sentences; by default 1000.")
    private Optional<Integer> limit = Optional.empty();

    @Option(names = "--since", paramLabel = "TIME", description = "with --from: none older, as 2026-01-31T12:00:00Z.")
    private Optional<String> since = Optional.empty();

    /** Whether collected examples are asked for. */
    boolean isGiven() {
        return from.isPresent();
    }

    /** Whether something is said about collected examples although none are asked for. */
    boolean isPointless() {
        return from.isEmpty() && (!map.isEmpty() || limit.isPresent() || since.isPresent());
    }

    /** Says it in a command. */
    void describe(ObjectNode command) {
        from.ifPresent(source -> command.put("from", source));
        if (!map.isEmpty()) {
            ObjectNode labels = command.putObject("labels");
            map.forEach((theirs, yours) -> labels.put(theirs.strip(), yours.strip()));
        }
        limit.ifPresent(most -> command.put("limit", most));
        since.ifPresent(time -> command.put("since", time));
    }
}
