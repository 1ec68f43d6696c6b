package io.metaie.task;

import java.util.concurrent.CompletableFuture;

/** Brings adapted versions to where documents are tagged. */
public interface AdapterSupply {

    /**
     * Makes a version ready.
     *
     * @return fails, with a message for the operator, when it cannot be used
     */
    CompletableFuture<Void> load(String task, TaskVersion version);

    /** A task is gone, and a version of it is no longer wanted. */
    void forget(String task, TaskVersion version);
}
