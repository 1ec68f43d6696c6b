package io.metaie.task;

import java.util.Optional;

/** Hears which versions of tasks are in force on this instance, and which are to be but cannot. */
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

    /**
     * A version that is to be in force cannot be used here, and not for the brokers. May be heard again of the same.
     *
     * @param why for the operator
     */
    default void unusable(String task, int version, String why) {}

    /** The task was deleted. */
    void gone(String task);

    /** Tells two. */
    static TaskObserver both(TaskObserver one, TaskObserver other) {
        return new TaskObserver() {
            @Override
            public void inForce(String task, int version, Optional<Double> f1) {
                one.inForce(task, version, f1);
                other.inForce(task, version, f1);
            }

            @Override
            public void unusable(String task, int version, String why) {
                one.unusable(task, version, why);
                other.unusable(task, version, why);
            }

            @Override
            public void gone(String task) {
                one.gone(task);
                other.gone(task);
            }
        };
    }
}
