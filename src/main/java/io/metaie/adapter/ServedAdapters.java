package io.metaie.adapter;

import io.metaie.checkpoint.AdapterException;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.kafka.Backoff;
import io.metaie.kafka.StopSignal;
import io.metaie.onnx.AdapterCache;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.AdapterMissingException;
import io.metaie.tagging.Adapters;
import io.metaie.tagging.TaggerUnavailableException;
import io.metaie.task.AdapterSupply;
import io.metaie.task.TaskVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * The adapters of tasks in the tagger's memory: brought there from their topic when a version comes into force, and
 * brought again when it had to make room for others.
 */
public final class ServedAdapters implements Adapters, AdapterSupply, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ServedAdapters.class);
    private static final int TRIES = 5;
    private static final long PATIENCE_SECONDS = 20;

    private final Supplier<AdapterCache> cache;
    private final AdapterStore store;
    private final Map<Adapter, TaskVersion> known = new ConcurrentHashMap<>();
    private final Map<Adapter, CompletableFuture<Void>> loading = new ConcurrentHashMap<>();
    private final StopSignal stop = new StopSignal();
    private volatile BiConsumer<Adapter, String> lost = (adapter, why) -> {};
    private final ExecutorService thread = Executors.newSingleThreadExecutor(body -> {
        Thread made = new Thread(body, "metaie-adapters");
        made.setDaemon(true);
        return made;
    });

    /** @param cache the tagger's memory; asked for when it is first needed */
    public ServedAdapters(Supplier<AdapterCache> cache, AdapterStore store) {
        this.cache = cache;
        this.store = store;
    }

    @Override
    public CompletableFuture<Hold> hold(Adapter adapter) {
        TaskVersion version = known.get(adapter);
        if (cache.get().contains(adapter) || version == null) {
            return cache.get().hold(adapter);
        }
        return load(adapter.task(), version)
                .exceptionally(failure -> {
                    Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                            ? wrapped.getCause() : failure;
                    if (cause instanceof AdapterException gone) {
                        lost.accept(adapter, gone.getMessage());
                        throw new AdapterMissingException(adapter);
                    }
                    throw new TaggerUnavailableException("adapter " + adapter + " cannot be read now", cause);
                })
                .thenCompose(ready -> cache.get().hold(adapter));
    }

    @Override
    public void whenLost(BiConsumer<Adapter, String> listener) {
        lost = listener;
    }

    /** Keeps a version with the tagger, also one that is not in force. */
    public CompletableFuture<Hold> hold(String task, TaskVersion version) {
        Adapter adapter = new Adapter(task, version.number());
        known.put(adapter, version);
        return hold(adapter);
    }

    /** Why a version cannot be put in force, if so; reads it if need be. */
    public Optional<String> fault(String task, TaskVersion version) {
        try {
            store.present().thenCompose(present -> store.isWhole(task, version)
                            ? load(task, version)
                            : CompletableFuture.failedFuture(new AdapterException("a part of it is missing")))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AdapterException fault) {
                return Optional.of(fault.getMessage());
            }
            throw new KafkaException("version " + version.number() + " of task " + task + " cannot be read now", e);
        } catch (TimeoutException e) {
            throw new KafkaException("version " + version.number() + " of task " + task + " cannot be read now", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public CompletableFuture<Void> load(String task, TaskVersion version) {
        Adapter adapter = new Adapter(task, version.number());
        known.put(adapter, version);
        return loading.computeIfAbsent(adapter, asked -> {
            CompletableFuture<Void> load =
                    store.present().thenRunAsync(() -> read(adapter, version), thread);
            load.whenComplete((ready, failure) -> CompletableFuture.runAsync(() -> loading.remove(adapter), thread));
            return load;
        });
    }

    private void read(Adapter adapter, TaskVersion version) {
        Backoff pause = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
        for (int tries = 1; !cache.get().contains(adapter); tries++) {
            try {
                AdapterFile file = store.read(adapter.task(), version);
                cache.get().register(adapter, file);
            } catch (AdapterException e) {
                throw new CompletionException(e);
            } catch (KafkaException e) {
                if (tries == TRIES) {
                    throw e;
                }
                long millis = pause.next();
                LOG.warnf("Adapter %s cannot be read (%s); next try in %d ms", adapter, e.getMessage(), millis);
                pause(millis);
            }
        }
    }

    private void pause(long millis) {
        try {
            stop.pause(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
        if (stop.isSet()) {
            throw new KafkaException("stopping");
        }
    }

    @Override
    public void forget(String task, TaskVersion version) {
        Adapter adapter = new Adapter(task, version.number());
        known.remove(adapter);
        cache.get().evict(adapter);
    }

    @Override
    public void close() {
        stop.set();
        thread.shutdownNow();
    }
}
