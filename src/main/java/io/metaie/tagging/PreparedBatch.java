package io.metaie.tagging;

import java.util.List;

/**
 * A batch whose inputs are laid out, ready for a worker.
 *
 * @param queries not empty, all of one adapter
 */
record PreparedBatch(List<PendingQuery> queries, Tagger.Batch batch) {

    /** What cannot even be laid out is tried query by query, like a batch that fails. */
    static PreparedBatch of(Tagger tagger, List<PendingQuery> queries) {
        try {
            return new PreparedBatch(queries, layOut(tagger, queries));
        } catch (RuntimeException | Error e) {
            return new PreparedBatch(queries, new Failed(e));
        }
    }

    static Tagger.Batch layOut(Tagger tagger, List<PendingQuery> queries) {
        return tagger.prepare(queries.get(0).work().adapter, queries.stream().map(PendingQuery::query).toList());
    }

    boolean interactive() {
        return queries.get(0).work().source.interactive();
    }

    /** A batch whose layout failed: running it says so. */
    private record Failed(Throwable cause) implements Tagger.Batch {
        @Override
        public List<Tags> run() throws TaggerException {
            throw new TaggerException("a batch could not be laid out", TaggerException.isInfrastructure(cause), cause);
        }

        @Override
        public int tokens() {
            return 0;
        }

        @Override
        public int padding() {
            return 0;
        }
    }
}
