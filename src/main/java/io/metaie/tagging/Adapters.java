package io.metaie.tagging;

import java.util.concurrent.CompletableFuture;

/**
 * Makes adapters ready for the tagger. Whoever asks queries of an adapter holds it from before the first to behind the
 * last of them: so a document is answered by one version to its end, whatever is activated or deleted meanwhile.
 */
public interface Adapters {

    /**
     * Keeps an adapter with the tagger until the hold is closed, after bringing it there if need be. The meta-model is
     * always there.
     *
     * @return fails with {@link AdapterMissingException} when it cannot be had, with {@link TaggerUnavailableException}
     *     when it is worth another try later
     */
    CompletableFuture<Hold> hold(Adapter adapter);

    /** An adapter kept. Closing it again does nothing. */
    interface Hold extends AutoCloseable {

        @Override
        void close();
    }
}
