package io.metaie.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.metaie.checkpoint.AdapterException;
import io.metaie.checkpoint.AdapterFile;
import io.metaie.checkpoint.Checkpoint;
import io.metaie.tagging.Adapter;
import io.metaie.tagging.AdapterMissingException;
import io.metaie.tagging.Adapters;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The adapters one tagger has in memory. When they take more than they may, those used longest ago make room; those
 * held by a document or read by a run stay as long as they are, also when they are evicted meanwhile. A name stands for
 * the same weights as long as anyone uses it. Memory of adapters gone is used again for the next, so that swapping them
 * leaves nothing for the garbage collector to find.
 */
public final class AdapterCache implements Adapters {

    /** How much memory of adapters gone is kept for the next ones. */
    private static final int KEPT = 4;

    private final OrtEnvironment environment;
    private final Checkpoint checkpoint;
    private final long mostBytes;
    /** Used longest ago first. */
    private final Map<Adapter, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final Deque<Workspace> spare = new ArrayDeque<>();
    private final Entry none;
    private long bytes;

    /** @param mostBytes how much native memory adapters may take when nobody uses them */
    AdapterCache(OrtEnvironment environment, Checkpoint checkpoint, long mostBytes) throws OrtException {
        this.environment = environment;
        this.checkpoint = checkpoint;
        this.mostBytes = mostBytes;
        this.none = new Entry(AdapterWeights.none(environment, checkpoint));
    }

    /**
     * Loads an adapter. One that is here already is left as it is.
     *
     * @throws AdapterException when it was not trained on this model, or is not whole
     */
    public void register(Adapter id, AdapterFile file) throws AdapterException {
        if (id.version() == 0) {
            throw new IllegalArgumentException("Version 0 is the meta-model itself");
        }
        file.checkFits(checkpoint);
        synchronized (this) {
            Entry known = entries.get(id);
            if (known != null) {
                known.evicted = false;
                return;
            }
            AdapterWeights weights = load(file);
            entries.put(id, new Entry(weights));
            bytes += weights.bytes();
            makeRoom(id);
        }
    }

    private AdapterWeights load(AdapterFile file) {
        Workspace memory = Optional.ofNullable(spare.poll()).orElseGet(Workspace::new);
        try {
            return AdapterWeights.of(environment, checkpoint, file, memory);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime did not take an adapter's tensors", e);
        }
    }

    private void makeRoom(Adapter newest) {
        Iterator<Map.Entry<Adapter, Entry>> oldest = entries.entrySet().iterator();
        while (bytes > mostBytes && oldest.hasNext()) {
            Map.Entry<Adapter, Entry> next = oldest.next();
            if (next.getValue().users == 0 && !next.getKey().equals(newest)) {
                oldest.remove();
                free(next.getValue());
            }
        }
    }

    /** Lets an adapter go, as soon as nobody uses it any more. */
    public synchronized void evict(Adapter id) {
        Entry entry = entries.get(id);
        if (entry != null) {
            entry.evicted = true;
            freeIfDone(id, entry);
        }
    }

    /** Whether queries of an adapter can be answered. */
    public synchronized boolean contains(Adapter id) {
        return id.version() == 0 || entries.containsKey(id);
    }

    /** The native memory that adapters take, in bytes, that of adapters gone included. */
    public synchronized long bytes() {
        return bytes + spare.stream().mapToLong(Workspace::bytes).sum();
    }

    /** An adapter that was not registered, or has made room for others, fails. */
    @Override
    public CompletableFuture<Hold> hold(Adapter adapter) {
        return use(adapter)
                .map(use -> CompletableFuture.<Hold>completedFuture(use::close))
                .orElseGet(() -> CompletableFuture.failedFuture(new AdapterMissingException(adapter)));
    }

    /** Keeps an adapter's weights until the use is closed; empty if it is not here. */
    synchronized Optional<Use> use(Adapter id) {
        Entry entry = id.version() == 0 ? none : entries.get(id);
        if (entry == null) {
            return Optional.empty();
        }
        entry.users++;
        return Optional.of(new Use(id, entry));
    }

    private synchronized void release(Adapter id, Entry entry) {
        entry.users--;
        freeIfDone(id, entry);
        makeRoom(id);
    }

    private void freeIfDone(Adapter id, Entry entry) {
        if (entry.evicted && entry.users == 0) {
            entries.remove(id, entry);
            free(entry);
        }
    }

    private void free(Entry entry) {
        bytes -= entry.weights.bytes();
        entry.weights.close();
        if (spare.size() < KEPT) {
            spare.add(entry.weights.memory());
        }
    }

    /** Lets all adapters go, those still held as soon as they are not; called when nothing runs any more. */
    synchronized void close() {
        List.copyOf(entries.keySet()).forEach(this::evict);
        none.weights.close();
    }

    /** Weights someone reads. */
    final class Use implements AutoCloseable {

        private final Adapter id;
        private final Entry entry;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Use(Adapter id, Entry entry) {
            this.id = id;
            this.entry = entry;
        }

        AdapterWeights weights() {
            return entry.weights;
        }

        @Override
        public void close() {
            if (open.getAndSet(false)) {
                release(id, entry);
            }
        }
    }

    private static final class Entry {
        private final AdapterWeights weights;
        private int users;
        private boolean evicted;

        private Entry(AdapterWeights weights) {
            this.weights = weights;
        }
    }
}
