package io.metaie.tagging;

import java.util.List;
import java.util.Optional;

/**
 * Tags batches of queries with one model on one device. {@link #prepare} may be called by any thread; a
 * {@link Batch} is run by one of the batcher's own threads, always the same few (native memory grows when calls hop
 * threads).
 */
public interface Tagger extends AutoCloseable {

    /** Lays out the inputs of one run. All queries of a batch are asked of the same adapter. */
    Batch prepare(Adapter adapter, List<Query> queries);

    /** Where it runs: {@code cpu} or {@code cuda:<n>}. */
    String device();

    /** In which arithmetic: {@code fp32}, {@code fp16} or {@code int8}. */
    String precision();

    /** Why it can tag nothing at present, if that is known: its device is not there. */
    default Optional<String> lost() {
        return Optional.empty();
    }

    @Override
    void close();

    /** A batch laid out and ready to run. */
    interface Batch {

        /**
         * Runs the batch once.
         *
         * @return one answer a query, in the order of the queries
         * @throws TaggerException when the device, its memory or the model fails
         */
        List<Tags> run() throws TaggerException;

        /** Real tokens in the batch. */
        int tokens();

        /** Tokens computed that no query asked for: padding. */
        int padding();
    }
}
