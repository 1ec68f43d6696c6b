package io.metaie.task;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Asks for the present end of a topic on behalf of many: while one question is under way all others share the next one,
 * since the answer under way may be older than they are.
 */
public final class Present {

    private Optional<Source> source = Optional.empty();
    private boolean asking;
    private Optional<CompletableFuture<Void>> next = Optional.empty();

    /** Whoever follows a topic. */
    @FunctionalInterface
    public interface Source {

        /** Complete when everything has been followed that is there now. */
        CompletableFuture<Void> ask();
    }

    /** From now on there is somebody to ask; those who wait already are answered first. */
    public synchronized void open(Source opened) {
        source = Optional.of(opened);
        goOn();
    }

    /** Complete when everything has been followed that was there at this call. */
    public synchronized CompletableFuture<Void> get() {
        CompletableFuture<Void> answer = next.orElseGet(CompletableFuture::new);
        next = Optional.of(answer);
        goOn();
        return answer.copy();
    }

    private synchronized void goOn() {
        if (asking || source.isEmpty() || next.isEmpty()) {
            return;
        }
        asking = true;
        CompletableFuture<Void> answer = next.get();
        next = Optional.empty();
        source.get().ask().whenComplete((done, failure) -> {
            synchronized (this) {
                asking = false;
            }
            if (failure == null) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(failure);
            }
            goOn();
        });
    }
}
