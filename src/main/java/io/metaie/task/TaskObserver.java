package io.metaie.task;

import java.util.Optional;

/** Hears which versions of tasks are in force on this instance. */
public interface TaskObserver {

    /** Nobody. */
    TaskObserver NONE = new TaskObserver() {
        @Override
        public void inForce(String task, int version, Optional<Double> f1) {}

        @Override
        public void gone(String task) {}
    };

    /**
     * @param version documents of the task are tagged by it from now on; 0 is the meta-model
     * @param f1 what it reached on examples it was not trained on, 0 to 1, if that was measured; never of the meta-model
     */
    void inForce(String task, int version, Optional<Double> f1);

    /** The task was deleted. */
    void gone(String task);
}
