package io.metaie.tagging;

import java.util.Optional;

/** Batches that wait for a worker: one of the stream, and one of interactive queries that goes before it. */
final class PreparedBatches {

    private Optional<PreparedBatch> stream = Optional.empty();
    private Optional<PreparedBatch> interactive = Optional.empty();

    boolean isEmpty() {
        return stream.isEmpty() && interactive.isEmpty();
    }

    boolean hasStream() {
        return stream.isPresent();
    }

    boolean hasInteractive() {
        return interactive.isPresent();
    }

    void add(PreparedBatch batch) {
        if (batch.interactive()) {
            interactive = Optional.of(batch);
        } else {
            stream = Optional.of(batch);
        }
    }

    /** @throws java.util.NoSuchElementException when it is empty */
    PreparedBatch take() {
        if (interactive.isPresent()) {
            PreparedBatch taken = interactive.get();
            interactive = Optional.empty();
            return taken;
        }
        PreparedBatch taken = stream.orElseThrow();
        stream = Optional.empty();
        return taken;
    }
}
