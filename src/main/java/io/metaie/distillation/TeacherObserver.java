package io.metaie.distillation;

import io.metaie.distillation.TeacherException.Fault;

/** Hears of the calls to the teacher. Must be quick and must not throw. */
public interface TeacherObserver {

    /** Hears nothing. */
    TeacherObserver NONE = new TeacherObserver() {
        @Override
        public void answered(boolean refused) {}

        @Override
        public void failed(Fault fault) {}

        @Override
        public void paid(long promptTokens, long completionTokens, double cost) {}
    };

    /**
     * A call was answered.
     *
     * @param refused whether the answer is a refusal
     */
    void answered(boolean refused);

    /** A call was not answered. */
    void failed(Fault fault);

    /**
     * A call cost something.
     *
     * @param promptTokens read, 0 if it is not known
     * @param completionTokens written, 0 if it is not known
     * @param cost USD
     */
    void paid(long promptTokens, long completionTokens, double cost);
}
