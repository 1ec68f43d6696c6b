package io.metaie.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;

/**
 * The tasks that were defined by commands, as the state topic tells them, and beside them the one of the settings. What
 * it knows is exactly what was committed there: every instance follows the topic, the one that writes it too.
 */
public final class TaskRegistry implements Tasks {

    /** The header that says which command a record of the state topic is due to; tombstones have it as well. */
    public static final String COMMAND = "metaie.command";

    private static final Logger LOG = Logger.getLogger(TaskRegistry.class);

    private final Tasks configured;
    private final Present present = new Present();
    private final Map<String, TaskState> states = new ConcurrentHashMap<>();
    private final Map<Map.Entry<String, Integer>, Long> carriedOut = new ConcurrentHashMap<>();

    /** @param configured the task of the settings; one of its name that is defined by a command takes its place */
    public TaskRegistry(Tasks configured) {
        this.configured = configured;
    }

    @Override
    public Optional<TaskDefinition> find(String name) {
        return state(name).map(TaskState::definition).or(() -> configured.find(name));
    }

    @Override
    public Optional<TaskDefinition> defaultTask() {
        return configured.defaultTask().map(task -> find(task.name()).orElse(task));
    }

    @Override
    public CompletableFuture<Void> present() {
        return present.get();
    }

    /** A task that a command defined. */
    public Optional<TaskState> state(String name) {
        return Optional.ofNullable(states.get(name));
    }

    /** All tasks that commands defined, by name. */
    public Collection<TaskState> all() {
        return new TreeMap<>(states).values();
    }

    /** The last command of a partition of the control topic that left a trace in the state. */
    public Optional<Long> carriedOut(String topic, int partition) {
        return Optional.ofNullable(carriedOut.get(Map.entry(topic, partition)));
    }

    /** How it is found out what the present state is; whoever follows the topic says so once it has begun. */
    public void follows(Present.Source source) {
        present.open(source);
    }

    /** Takes over a record of the state topic. */
    public void apply(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            LOG.errorf("%s-%d@%d has no key and is passed over", record.topic(), record.partition(), record.offset());
            return;
        }
        String name = new String(record.key(), UTF_8);
        if (record.value() == null) {
            states.remove(name);
        } else {
            try {
                states.put(name, TaskStateJson.read(record.value()));
            } catch (IllegalArgumentException e) {
                LOG.errorf("%s-%d@%d is no state of a task (%s); task \"%s\" stays as it was", record.topic(),
                        record.partition(), record.offset(), e.getMessage(), name);
            }
        }
        Header command = record.headers().lastHeader(COMMAND);
        if (command != null) {
            try {
                ControlPlace place = ControlPlace.parse(new String(command.value(), UTF_8));
                carriedOut.merge(Map.entry(place.topic(), place.partition()), place.offset(), Math::max);
            } catch (IllegalArgumentException e) {
                LOG.errorf("%s-%d@%d: %s", record.topic(), record.partition(), record.offset(), e.getMessage());
            }
        }
    }
}
