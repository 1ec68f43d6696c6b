package io.metaie.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metaie.kafka.Backoff;
import io.metaie.kafka.Outage;
import io.metaie.tagging.Adapter;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;

/**
 * The tasks that were defined by commands, as the state topic tells them, and beside them the one of the settings. What
 * it knows is exactly what was committed there: every instance follows the topic, the one that writes it too. A version
 * comes into force here once its weights are ready; until then, and if they never are, the one before stays. What changes
 * the version in force is told by several threads, and happens under one lock.
 */
public final class TaskRegistry implements Tasks {

    /** The header that says which command a record of the state topic is due to; tombstones have it as well. */
    public static final String COMMAND = "metaie.command";
    /** The header by which a tombstone remembers {@linkplain DeletedTask what its task was}. */
    public static final String DELETED = "metaie.deleted";
    /** Of so many deleted tasks is remembered what they were. */
    private static final int MAX_DELETED = 1_000;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(TaskRegistry.class);

    private final Tasks configured;
    private final AdapterSupply supply;
    private final Present present = new Present();
    private final Map<String, TaskState> states = new ConcurrentHashMap<>();
    private final Map<String, Adapter> inForce = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final Set<CompletableFuture<Void>> loading = ConcurrentHashMap.newKeySet();
    private final Map<Map.Entry<String, Integer>, Long> carriedOut = new ConcurrentHashMap<>();
    /** Deleted longest ago first. */
    private final Map<String, DeletedTask> deleted = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DeletedTask> eldest) {
            return size() > MAX_DELETED;
        }
    });
    /** Versions whose weights cannot be read now, and how long to wait before they are read again. */
    private final Map<Adapter, Backoff> unread = new HashMap<>();
    private final Set<Adapter> scheduled = new HashSet<>();
    private final TaskObserver observer;
    private volatile boolean begun;

    /**
     * @param configured the task of the settings; one of its name that is defined by a command takes its place
     * @param supply brings the weights of versions in force
     * @param observer hears which these are
     */
    public TaskRegistry(Tasks configured, AdapterSupply supply, TaskObserver observer) {
        this.configured = configured;
        this.supply = supply;
        this.observer = observer;
        supply.whenLost(this::lost);
    }

    @Override
    public Optional<TaskDefinition> find(String name) {
        return state(name).map(state -> state.definition(inForce.getOrDefault(name, Adapter.NONE)))
                .or(() -> configured.find(name));
    }

    @Override
    public Optional<TaskDefinition> defaultTask() {
        return configured.defaultTask().map(task -> find(task.name()).orElse(task));
    }

    /** Waits for the versions in force, too. */
    @Override
    public CompletableFuture<Void> present() {
        return present.get().thenCompose(known -> CompletableFuture.allOf(loading.toArray(CompletableFuture[]::new)));
    }

    /** A task that a command defined. */
    public Optional<TaskState> state(String name) {
        return Optional.ofNullable(states.get(name));
    }

    /** What is remembered of a task of this name that was deleted. */
    public DeletedTask deleted(String name) {
        return deleted.getOrDefault(name, DeletedTask.NONE);
    }

    /** The version of a task that its documents are tagged by here; 0 is the meta-model. */
    public int inForce(String name) {
        return inForce.getOrDefault(name, Adapter.NONE).version();
    }

    /** All tasks that commands defined, by name. */
    public Collection<TaskState> all() {
        return new TreeMap<>(states).values();
    }

    /** Tasks whose active version cannot be used here, and why; the version before is in force for them. */
    public Map<String, String> troubles() {
        return new TreeMap<>(troubles);
    }

    /** The last command of a partition of the control topic that left a trace in the state. */
    public Optional<Long> carriedOut(String topic, int partition) {
        return Optional.ofNullable(carriedOut.get(Map.entry(topic, partition)));
    }

    /** What was there at the start is known; from now on each version that comes into force is worth a line in the log. */
    public void begun() {
        LOG.infof("Tasks defined: %d; with an adapted version in force: %d", states.size(), inForce.size());
        begun = true;
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
            forget(name, Optional.ofNullable(record.headers().lastHeader(DELETED)));
        } else {
            try {
                put(TaskStateJson.read(record.value()));
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

    private synchronized void put(TaskState state) {
        TaskState before = states.put(state.name(), state);
        deleted.remove(state.name());
        if (before == null) {
            observer.inForce(state.name(), 0, Optional.empty());
        } else {
            // Versions that had to make room for newer ones make room here, too.
            Adapter current = inForce.getOrDefault(state.name(), Adapter.NONE);
            if (current.version() != 0 && !state.hasVersion(current.version())) {
                inForce.remove(state.name());
                observer.inForce(state.name(), 0, Optional.empty());
                LOG.warnf("Task %s: version %d made room; documents go on with the meta-model until version %d is ready",
                        state.name(), current.version(), state.active());
            }
            before.versions().all().stream().filter(version -> !state.hasVersion(version.number()))
                    .forEach(version -> supply.forget(state.name(), version));
        }
        Adapter wanted = new Adapter(state.name(), state.active());
        unread.keySet().removeIf(other -> other.task().equals(state.name()) && !other.equals(wanted));
        Optional<TaskVersion> version = state.versions().find(state.active());
        if (version.isEmpty()) {
            inForce.remove(state.name());
            troubles.remove(state.name());
            observer.inForce(state.name(), 0, Optional.empty());
        } else if (!wanted.equals(inForce.get(state.name()))) {
            load(wanted, version.get());
        }
    }

    private void load(Adapter wanted, TaskVersion version) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        loading.add(settled);
        supply.load(wanted.task(), version).whenComplete((ready, failure) -> {
            loaded(wanted, Optional.ofNullable(failure));
            loading.remove(settled);
            settled.complete(null);
        });
    }

    private synchronized void loaded(Adapter adapter, Optional<Throwable> failure) {
        String task = adapter.task();
        if (state(task).filter(state -> state.active() == adapter.version()).isEmpty()) {
            return; // another one was activated meanwhile
        }
        if (failure.isEmpty()) {
            inForce.put(task, adapter);
            troubles.remove(task);
            unread.remove(adapter);
            observer.inForce(task, adapter.version(),
                    state(task).flatMap(state -> state.versions().find(adapter.version())).flatMap(TaskVersion::f1));
            LOG.logf(begun ? Logger.Level.INFO : Logger.Level.DEBUG, "Task %s: version %d is in force here", task,
                    adapter.version());
        } else if (Outage.isBehind(failure.get())) {
            troubles.put(task, "version " + adapter.version() + " cannot be read now");
            later(adapter, Outage.cause(failure.get()));
        } else {
            unread.remove(adapter);
            String why = String.valueOf(Outage.cause(failure.get()).getMessage());
            troubles.put(task, "version " + adapter.version() + " cannot be used: " + why);
            observer.unusable(task, adapter.version(), why);
            LOG.errorf("Task %s: version %d cannot be used here (%s); documents go on with version %d",
                    task, adapter.version(), why, inForce.getOrDefault(task, Adapter.NONE).version());
        }
    }

    /** The brokers were away for too long: the version is loaded again when they may be back. */
    private void later(Adapter adapter, Throwable cause) {
        if (scheduled.add(adapter)) {
            long millis = unread.computeIfAbsent(adapter, first -> new Backoff(FIRST_PAUSE, LONGEST_PAUSE)).next();
            LOG.warnf("Task %s: version %d cannot be read (%s); documents go on with version %d, next try in %d ms",
                    adapter.task(), adapter.version(), cause.getMessage(), inForce(adapter.task()), millis);
            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(() -> again(adapter));
        }
    }

    private synchronized void again(Adapter adapter) {
        scheduled.remove(adapter);
        if (!adapter.equals(inForce.get(adapter.task()))) {
            state(adapter.task()).filter(state -> state.active() == adapter.version())
                    .flatMap(state -> state.versions().find(adapter.version()))
                    .ifPresent(version -> load(adapter, version));
        }
    }

    /** A version in force had to make room for others, and cannot be had again: better the meta-model than nothing. */
    private synchronized void lost(Adapter adapter, String why) {
        if (inForce.remove(adapter.task(), adapter)) {
            String trouble = "version " + adapter.version() + " cannot be used any more: " + why;
            troubles.put(adapter.task(), trouble);
            observer.inForce(adapter.task(), 0, Optional.empty());
            observer.unusable(adapter.task(), adapter.version(), why);
            LOG.errorf("Task %s: %s; documents go on with the meta-model", adapter.task(), trouble);
        }
    }

    private synchronized void forget(String name, Optional<Header> remembered) {
        try {
            remembered.ifPresent(header -> deleted.put(name, TaskStateJson.readDeleted(header.value())));
        } catch (IllegalArgumentException e) {
            LOG.errorf("Task %s was deleted, but it is not known what it was: %s", name, e.getMessage());
        }
        observer.gone(name);
        TaskState gone = states.remove(name);
        inForce.remove(name);
        troubles.remove(name);
        unread.keySet().removeIf(adapter -> adapter.task().equals(name));
        if (gone != null) {
            gone.versions().all().forEach(version -> supply.forget(name, version));
        }
    }
}
