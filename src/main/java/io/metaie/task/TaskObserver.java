package io.metaie.task;

/** Hears which versions of tasks are in force on this instance. */
public interface TaskObserver {

    /** Nobody. */
    TaskObserver NONE = new TaskObserver() {
        @Override
        public void inForce(String task, int version) {}

        @Override
        public void gone(String task) {}
    };

    /** @param version documents of the task are tagged by it from now on; 0 is the meta-model */
    void inForce(String task, int version);

    /** The task was deleted. */
    void gone(String task);
}
