package io.metaie.task;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The tasks known now. Safe for any number of threads. */
public interface Tasks {

    /** No task at all. */
    Tasks NONE = new Tasks() {
        @Override
        public Optional<TaskDefinition> find(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<TaskDefinition> defaultTask() {
            return Optional.empty();
        }
    };

    /** A task by its name. */
    Optional<TaskDefinition> find(String name);

    /** The task of documents that name neither task nor labels. */
    Optional<TaskDefinition> defaultTask();

    /**
     * Waits, without a thread, until everything is known that was defined before this call.
     *
     * @return fails when that cannot be found out now, because the brokers do not answer
     */
    default CompletableFuture<Void> present() {
        return CompletableFuture.completedFuture(null);
    }
}
