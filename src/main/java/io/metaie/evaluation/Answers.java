package io.metaie.evaluation;

import io.metaie.tagging.Query;
import io.metaie.tagging.Tags;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Whoever answers queries: a tagger behind its batcher, or a model that is being trained. */
@FunctionalInterface
public interface Answers {

    /** Answers queries, one answer each, in their order. */
    CompletableFuture<List<Tags>> to(List<Query> queries);
}
