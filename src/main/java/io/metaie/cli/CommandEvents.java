package io.metaie.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The events of one command, printed as they come. */
final class CommandEvents implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final List<String> FAILURES = List.of("command-rejected", "adaptation-failed");

    private final Consumer<byte[], byte[]> consumer;
    private final String commandId;
    private final Terminal terminal;

    private CommandEvents(Consumer<byte[], byte[]> consumer, String commandId, Terminal terminal) {
        this.consumer = consumer;
        this.commandId = commandId;
        this.terminal = terminal;
    }

    /** Begins at the events' present end, so that those of a command published from now on are seen. */
    static CommandEvents from(KafkaConnection kafka, String commandId, Terminal terminal) {
        List<TopicPartition> partitions = kafka.partitions(kafka.topics().events());
        Consumer<byte[], byte[]> consumer = kafka.clients().consumer("metaie-control-events", KafkaConnection.READER);
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return new CommandEvents(consumer, commandId, terminal);
    }

    /**
     * Follows them to the end.
     *
     * @param end the event that says it is done
     * @return whether it came; false after one that says it failed
     */
    boolean await(String end) {
        EventPrinter printer = new EventPrinter(terminal, true);
        long start = System.nanoTime();
        boolean heard = false;
        boolean told = false;
        while (true) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                JsonNode event = event(record);
                if (!event.path("commandId").asText().equals(commandId)) {
                    continue;
                }
                heard = true;
                printer.print(record, terminal.out());
                terminal.out().flush();
                String type = event.path("type").asText();
                if (type.equals(end) || FAILURES.contains(type)) {
                    return type.equals(end);
                }
            }
            if (!heard && !told && System.nanoTime() - start > PATIENCE.toNanos()) {
                told = true;
                terminal.message("no answer for " + PATIENCE.toSeconds() + " s: either another command of this task is under"
                        + " way, or no service runs that carries out commands. Still waiting; Ctrl-C ends it");
            }
        }
    }

    private static JsonNode event(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JSON.readTree(record.value() == null ? new byte[0] : record.value());
        } catch (IOException e) {
            return JSON.missingNode(); // not ours
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
