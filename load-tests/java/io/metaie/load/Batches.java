package io.metaie.load;

import io.metaie.tagging.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Cuts queries into batches as the service does: by length inside a window, up to a budget of tokens. */
final class Batches {

    private Batches() {}

    static List<List<Query>> of(List<Query> queries, int window, int tokens) {
        List<List<Query>> batches = new ArrayList<>();
        for (int start = 0; start < queries.size(); start += window) {
            List<Query> sorted = new ArrayList<>(queries.subList(start, Math.min(queries.size(), start + window)));
            sorted.sort(Comparator.comparingInt(Query::length));
            List<Query> batch = new ArrayList<>();
            int used = 0;
            for (Query query : sorted) {
                if (!batch.isEmpty() && used + query.length() > tokens) {
                    batches.add(batch);
                    batch = new ArrayList<>();
                    used = 0;
                }
                batch.add(query);
                used += query.length();
            }
            batches.add(batch);
        }
        return batches;
    }
}
