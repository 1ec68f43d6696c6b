package io.metaie.load;

import io.metaie.checkpoint.RobertaConfig;
import io.metaie.tagging.Query;

/** What a model's linear layers take for a query, a multiplication and an addition counted as two operations. */
record LinearWork(RobertaConfig config) {

    /** Of one query: behind the last attention only its words are computed. */
    double of(Query query) {
        double hidden = config.hidden();
        double projections = 3 * hidden * hidden;
        double rest = hidden * hidden + 2 * hidden * config.intermediate();
        double full = (config.layers() - 1) * (projections + rest) + projections;
        return 2 * (query.length() * full + query.firsts().length * (rest + 3 * hidden));
    }
}
