package io.metaie.distillation;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where answers are kept, and what they cost: so that nothing is paid twice, and no more than allowed. */
public interface Books {

    /** Who has waited so long for money to be set aside waits no longer. */
    Duration LONGEST_DECISION = Duration.ofSeconds(60);

    /** The answer that is kept under a key. */
    CompletableFuture<Optional<TeacherAnswer>> find(String key);

    /**
     * Sets money aside for one call.
     *
     * @param most what the call can cost, USD
     * @return completes with a {@link TeacherException} of {@link TeacherException.Fault#BUDGET} when there is not so much
     */
    CompletableFuture<Hold> hold(double most);

    /** Money set aside. One of its methods is to be called, once. */
    interface Hold {

        /**
         * The call was answered: answer and cost are kept.
         *
         * @return complete when they are safe
         */
        CompletableFuture<Void> answered(Question question, TeacherAnswer answer, double cost);

        /** The call brought nothing to keep, and cost so much. */
        void lost(double cost);

        /** The call cost nothing. */
        void release();
    }
}
