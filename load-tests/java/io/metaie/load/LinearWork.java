package io.metaie.load;

import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Query;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a model's linear layers take for queries, a multiplication and an addition counted as two operations. */
record LinearWork(RobertaConfig config) {

    /** What stands where in a sequence. */
    private record Token(int slot, int id) {}

    /**
     * Of a batch: the first layer's projections are computed once for tokens that several queries have at the same place,
     * and behind the last attention, its queries included, only words are.
     */
    double of(List<Query> batch) {
        double hidden = config.hidden();
        double projection = hidden * hidden;
        double rest = projection + 2 * hidden * config.intermediate();
        double tokens = batch.stream().mapToDouble(Query::length).sum();
        double words = batch.stream().mapToDouble(query -> query.firsts().length).sum();
        double toLast = distinct(batch) * 3 * projection
                + (config.layers() - 2) * tokens * 3 * projection
                + (config.layers() - 1) * tokens * rest;
        double last = tokens * 2 * projection + words * (projection + rest + 3 * hidden);
        return 2 * (toLast + last);
    }

    private static int distinct(List<Query> batch) {
        Set<Token> distinct = new HashSet<>();
        for (Query query : batch) {
            for (int slot = 0; slot < query.length(); slot++) {
                distinct.add(new Token(slot, query.tokens()[slot]));
            }
        }
        return distinct.size();
    }
}
