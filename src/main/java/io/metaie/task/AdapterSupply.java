package io.metaie.task;

import io.metaie.tagging.Adapter;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** Brings adapted versions to where documents are tagged. */
public interface AdapterSupply {

    /**
     * Makes a version ready.
     *
     * @return fails, with a message for the operator, when it cannot be used
     */
    CompletableFuture<Void> load(String task, TaskVersion version);

    /** @param listener hears of versions that were ready once and cannot be made ready again, and why */
    default void whenLost(BiConsumer<Adapter, String> listener) {}

    /** A version is no longer wanted: it had to make room for newer ones, or its task is gone. */
    void forget(String task, TaskVersion version);
}
