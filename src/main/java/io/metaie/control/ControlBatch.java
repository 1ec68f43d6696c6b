package io.metaie.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.control.CommandHandler.Received;
import io.metaie.control.Effects.Change;
import io.metaie.control.Event.AdaptationCompleted;
import io.metaie.control.Event.AdaptationFailed;
import io.metaie.control.Event.AdapterActivated;
import io.metaie.control.Event.CommandRejected;
import io.metaie.kafka.RecordSizes;
import io.metaie.task.ControlPlace;
import io.metaie.task.DeletedTask;
import io.metaie.task.TaskRegistry;
import io.metaie.task.TaskState;
import io.metaie.task.TaskStateJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * What one transaction will do: the effects of several commands, one after the other, each upon the tasks as the ones
 * before leave them.
 */
final class ControlBatch {

    private static final Logger LOG = Logger.getLogger(ControlBatch.class);

    private final CommandReader reader;
    private final CommandHandler handler;
    private final TaskRegistry committed;
    private final String tasksTopic;
    private final String adaptersTopic;
    private final int maxTaskBytes;
    private final EventWriter events;
    private final Map<String, Change> changed = new LinkedHashMap<>();
    private final List<Event> told = new ArrayList<>();
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

    /**
     * @param committed the tasks as they are committed
     * @param maxTaskBytes the largest record the topic of the tasks takes
     */
    ControlBatch(CommandReader reader, CommandHandler handler, TaskRegistry committed, String tasksTopic, int maxTaskBytes,
            String adaptersTopic, EventWriter events) {
        this.reader = reader;
        this.handler = handler;
        this.committed = committed;
        this.tasksTopic = tasksTopic;
        this.maxTaskBytes = maxTaskBytes;
        this.adaptersTopic = adaptersTopic;
        this.events = events;
    }

    /**
     * A command.
     *
     * @param key the record's key, if it has one
     * @param keyed whether the key must be the task, because several partitions keep the order of one task only
     */
    void command(Optional<byte[]> value, Optional<byte[]> key, boolean keyed, ControlPlace place) {
        Command command;
        try {
            command = reader.read(value);
        } catch (InvalidCommandException e) {
            reject(handler.rejected(e, value), place);
            return;
        }
        Received received = new Received(command, value.orElseThrow(), place);
        if (keyed && !key.map(bytes -> new String(bytes, UTF_8)).equals(Optional.of(command.task()))) {
            reject(CommandHandler.rejected(received, "the control topic has several partitions: the record's key must be the task"), place);
            return;
        }
        try {
            Effects effects = handler.handle(received, task(command.task()), deleted(command.task()));
            if (effects.change().isEmpty() && effects.events().isEmpty()) {
                LOG.infof("Command %s at %s was carried out before and is passed over",
                        command.commandId().orElse(""), place);
            }
            if (!apply(effects, place)) {
                reject(CommandHandler.rejected(received, "the task would be larger than the " + maxTaskBytes
                        + " bytes that its topic takes"), place);
            }
        } catch (KafkaException e) {
            throw e; // the brokers' fault, not the command's
        } catch (RuntimeException e) {
            // An internal fault must not stop the commands behind.
            LOG.errorf(e, "The command at %s failed; it is rejected and the next one follows", place);
            reject(CommandHandler.rejected(received, "an internal fault: " + e), place);
        }
    }

    /** The end of a job; {@code place} is that of the last command before it. */
    void ended(Jobs.Ended ended, ControlPlace place) {
        Optional<TaskState> task = task(ended.task());
        try {
            if (apply(handler.ended(ended.job(), ended.end(), task, reader), place)) {
                return;
            }
            giveUp(ended, task, "the task would be larger than the " + maxTaskBytes + " bytes that its topic takes", place);
        } catch (KafkaException e) {
            throw e; // the brokers' fault, not the command's
        } catch (RuntimeException e) {
            LOG.errorf(e, "The command at %s failed when its turn came; the next one follows", ended.job().place());
            giveUp(ended, task, "an internal fault: " + e, place);
        }
    }

    private void giveUp(Jobs.Ended ended, Optional<TaskState> task, String reason, ControlPlace place) {
        apply(handler.ended(ended.job(), new JobEnd.Told(CommandHandler.failed(ended.task(), ended.job(), reason)), task,
                reader), place);
    }

    /**
     * The version in force of a task was made for another model.
     *
     * @param tell whether that is told, too
     */
    void incompatible(TaskState task, String reason, ControlPlace place, boolean tell) {
        LOG.warnf("Task %s goes on with the meta-model, version %d cannot be used: %s", task.name(), task.active(), reason);
        Effects effects = CommandHandler.incompatible(task, reason);
        apply(tell ? effects : effects.untold(), place);
    }

    /** How a job goes on, and what is to be said of a task. */
    void told(Event event) {
        tell(event, Instant.now());
    }

    /** The tasks that will have changed; empty where one is gone. */
    Map<String, Optional<TaskState>> changed() {
        Map<String, Optional<TaskState>> states = new LinkedHashMap<>();
        changed.forEach((name, change) -> states.put(name, change.state()));
        return states;
    }

    /** All that is told. */
    List<Event> events() {
        return told;
    }

    /** All that is to be written. */
    List<ProducerRecord<byte[], byte[]>> records() {
        return records;
    }

    private Optional<TaskState> task(String name) {
        Change known = changed.get(name);
        return known != null ? known.state() : committed.state(name);
    }

    private DeletedTask deleted(String name) {
        Change known = changed.get(name);
        return known != null ? known.deleted() : committed.deleted(name);
    }

    private void tell(Event event, Instant time) {
        told.add(event);
        records.add(events.record(event, time));
    }

    private void reject(Effects rejection, ControlPlace place) {
        LOG.infof("The command at %s is rejected", place);
        apply(rejection, place);
    }

    private boolean apply(Effects effects, ControlPlace place) {
        if (effects.change().isPresent()) {
            Change change = effects.change().get();
            ProducerRecord<byte[], byte[]> record = record(change, place);
            if (RecordSizes.upperBound(record) > maxTaskBytes) {
                return false;
            }
            changed.put(change.task(), change);
            records.add(record);
        }
        effects.parts().forEach(part -> records.add(
                new ProducerRecord<>(adaptersTopic, part.key().getBytes(UTF_8), part.value().orElse(null))));
        Instant now = Instant.now();
        effects.events().forEach(event -> {
            LOG.infof("Task %s: %s%s", event.about().task().orElse(""), EventWriter.type(event), detail(event));
            tell(event, now);
        });
        return true;
    }

    /** What an operator wants to know of an event beside its type. */
    private static String detail(Event event) {
        if (event instanceof AdaptationCompleted completed) {
            return String.format(Locale.ROOT, " (version %d, %.1f s; %s)", completed.version(), completed.seconds(),
                    completed.reason());
        }
        if (event instanceof AdaptationFailed failed) {
            return " (version " + failed.version() + ": " + failed.reason() + ")";
        }
        if (event instanceof AdapterActivated activated) {
            return " (version " + activated.version() + " after " + activated.previous() + ")";
        }
        return event instanceof CommandRejected rejected ? " (" + rejected.reason() + ")" : "";
    }

    private ProducerRecord<byte[], byte[]> record(Change change, ControlPlace place) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(tasksTopic, null, change.task().getBytes(UTF_8),
                change.state().map(TaskStateJson::write).orElse(null));
        record.headers().add(TaskRegistry.COMMAND, place.toString().getBytes(UTF_8));
        if (change.state().isEmpty()) {
            record.headers().add(TaskRegistry.DELETED, TaskStateJson.write(change.deleted()));
            if (RecordSizes.upperBound(record) > maxTaskBytes) {
                // A task can be deleted in any case, even if less is remembered of it then.
                record.headers().remove(TaskRegistry.DELETED).add(TaskRegistry.DELETED,
                        TaskStateJson.write(new DeletedTask(change.deleted().lastVersion(), List.of())));
            }
        }
        return record;
    }
}
