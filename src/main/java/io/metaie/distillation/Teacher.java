package io.metaie.distillation;

import java.util.concurrent.CompletableFuture;

/** Answers questions about sentences. */
public interface Teacher {

    /**
     * Asks. Never blocks, never throws.
     *
     * @return the answer; completes with a {@link TeacherException} when there is none
     */
    CompletableFuture<TeacherAnswer> ask(Question question);
}
